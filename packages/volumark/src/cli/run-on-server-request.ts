/** What a command line asks of a server: the same settings as a local run, as a request. */
import { settingsHash } from "@volumark/engine";
import type { RunRequestBody } from "../api/run-request.ts";
import { type RunOptionTexts, type RunRequest, readRunOptions, SCENE_OPTIONS } from "./run-options.ts";
import { UsageError } from "./usage-error.ts";
import { quoted } from "./values.ts";

export interface ServerRun {
  /** `http://127.0.0.1:8440`, without a slash at its end. */
  readonly server: string;
  readonly key: string | null;
  readonly request: RunRequest;
  readonly body: RunRequestBody;
  /** Of the settings as they are here. */
  readonly settingsHash: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws `UsageError`. */
export async function readServerRun(
  texts: RunOptionTexts,
  server: string,
  env: Environment = process.env,
): Promise<ServerRun> {
  const address = readServer(server);
  if (texts.volume !== undefined) {
    throw new UsageError(
      "--volume is a file of this machine, which is not sent to a server. Run it here, or give --scene, which is sent",
    );
  }
  if (texts.store === false) {
    throw new UsageError(
      "--no-store is for a run here: a server keeps what it makes, and nothing of it is stored here. Leave it out",
    );
  }
  const key = readKey(texts.key, env);
  const { machine } = texts;
  if (machine !== undefined && !/^[^\p{Cc}]{1,100}$/u.test(machine))
    throw new UsageError(`--machine must be a label of 1 to 100 characters, got ${quoted(machine)}`);
  const local = await readRunOptions(texts);
  const { settings, lanes, backend, plan, verify, made } = local;
  const { scene, dimension, width, height, frames, fps } = settings;
  const parameters: Record<string, number> = {};
  for (const { option, key: name } of SCENE_OPTIONS) {
    const text = made[option];
    if (text !== undefined) parameters[name] = Number(text);
  }
  const own = made["--scene"] !== undefined;
  return {
    server: address,
    key,
    request: { ...local, made: { "--server": address, ...made }, store: false },
    settingsHash: settingsHash(settings),
    body: {
      settings: {
        // Of one's own scene the parameters stand in it by now.
        scene: own ? scene : scene.name,
        ...(own || Object.keys(parameters).length === 0 ? {} : { parameters }),
        dimension,
        width,
        height,
        frames,
        fps,
      },
      options: {
        ...(lanes === null ? {} : { lanes }),
        backend,
        passes: plan.kind === "fixed" ? plan.count : 1,
        verify,
      },
      ...(machine === undefined ? {} : { machine }),
    },
  };
}

/** An address of a server; a path in it is kept, for servers behind another one. */
function readServer(text: string): string {
  const address = /^https?:\/\//i.test(text) ? text : `http://${text}`;
  if (text === "" || !URL.canParse(address) || /[\s\p{Cc}]/u.test(text))
    throw new UsageError(`--server must be an address such as http://127.0.0.1:8440, got ${quoted(text)}`);
  const url = new URL(address);
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    throw new UsageError(
      "--server must be an address without a name, a password, a ? or a #; a key goes into VOLUMARK_KEY",
    );
  return url.href.replace(/\/+$/, "");
}

function readKey(typed: string | undefined, { VOLUMARK_KEY }: Environment): string | null {
  const key = typed ?? (VOLUMARK_KEY || null);
  if (key === null || /^[\x21-\x7e]{1,200}$/.test(key)) return key;
  throw new UsageError(
    `${typed === undefined ? "VOLUMARK_KEY" : "--key"} must be a key as volumark keys add prints it: visible characters without blanks`,
  );
}
