#!/usr/bin/env node
// The program itself is built into dist. This file is there before the first build, so that an installer can link it.
import "../dist/bundle/main.js";
