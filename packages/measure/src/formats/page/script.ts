/**
 * The script of the page, as it stands in the file: shows the picture of any one frame, and what was measured of it.
 *
 * An `<img>` plays a GIF but cannot be asked for a frame, and ImageDecoder is not everywhere, so a small decoder draws into a
 * canvas. It takes what the GIF89a specification allows (interlacing, disposal, local tables) and remembers whole pictures
 * now and then, so that going back is quick. Where it fails, the `<img>` stays and plays. Without a script the page lacks
 * only this. It is text and not a function, so that no compiler changes it: the same record gives the same file.
 *
 * Source: https://www.w3.org/Graphics/GIF/spec-gif89a.txt.
 */

/** Defines `openGif(bytes)`: `{width, height, delays (ms), draw(frame)}`, where `draw` gives the whole picture as RGBA. */
export const GIF_SCRIPT = `
function openGif(b) {
  var p = 6;
  function u16() { p += 2; return b[p - 2] | b[p - 1] << 8; }
  function skip() { while (b[p]) p += b[p] + 1; p++; }
  function table(flags) { if (!(flags & 128)) return null; var at = p; p += 3 << (flags & 7) + 1; return at; }
  if (String.fromCharCode(b[0], b[1], b[2]) !== "GIF") throw new Error("not a GIF");
  var width = u16(), height = u16(), flags = b[p];
  p += 3;
  var common = table(flags), frames = [], control = { delay: 0, dispose: 0, clear: -1 };
  while (p < b.length && b[p] !== 59) {
    var kind = b[p++];
    if (kind === 33) {
      if (b[p++] === 249) {
        control = { delay: (b[p + 2] | b[p + 3] << 8) * 10, dispose: b[p + 1] >> 2 & 7, clear: b[p + 1] & 1 ? b[p + 4] : -1 };
      }
      skip();
    } else if (kind === 44) {
      var f = { x: u16(), y: u16(), w: u16(), h: u16(), delay: control.delay, dispose: control.dispose, clear: control.clear };
      var own = b[p++];
      f.interlaced = own & 64;
      f.colors = table(own);
      if (f.colors === null) f.colors = common;
      f.data = p++;
      skip();
      frames.push(f);
      control = { delay: 0, dispose: 0, clear: -1 };
    } else throw new Error("unknown block " + kind);
  }
  if (!frames.length) throw new Error("no frames");

  var prefix = new Uint16Array(4096), suffix = new Uint8Array(4096), stack = new Uint8Array(4097);
  function indices(f) {
    var out = new Uint8Array(f.w * f.h), n = 0, at = f.data, least = b[at++];
    var clear = 1 << least, end = clear + 1, next = end + 1, size = least + 1, before = -1, first = 0;
    var bits = 0, have = 0, left = 0;
    for (var i = 0; i < clear; i++) suffix[i] = i;
    while (n < out.length) {
      while (have < size) {
        if (!left) { left = b[at++]; if (!left) return out; }
        bits |= b[at++] << have; have += 8; left--;
      }
      var code = bits & (1 << size) - 1;
      bits >>= size; have -= size;
      if (code === clear) { next = end + 1; size = least + 1; before = -1; continue; }
      if (code === end) return out;
      var depth = 0, c = code;
      if (before < 0) { out[n++] = first = code; before = code; continue; }
      if (code >= next) { stack[depth++] = first; c = before; }
      while (c > end) { stack[depth++] = suffix[c]; c = prefix[c]; }
      stack[depth++] = first = c;
      if (next < 4096) {
        prefix[next] = before; suffix[next++] = first;
        if (next === 1 << size && size < 12) size++;
      }
      before = code;
      while (depth && n < out.length) out[n++] = stack[--depth];
    }
    return out;
  }
  function paint(f) {
    var from = indices(f), n = 0;
    var passes = f.interlaced ? [[0, 8], [4, 8], [2, 4], [1, 2]] : [[0, 1]];
    passes.forEach(function (step) {
      for (var y = step[0]; y < f.h; y += step[1]) {
        for (var x = 0; x < f.w; x++) {
          var color = from[n++];
          if (color === f.clear || f.x + x >= width || f.y + y >= height) continue;
          var to = ((f.y + y) * width + f.x + x) * 4, c = f.colors + 3 * color;
          screen[to] = b[c]; screen[to + 1] = b[c + 1]; screen[to + 2] = b[c + 2]; screen[to + 3] = 255;
        }
      }
    });
  }
  function dispose(f) {
    if (f.dispose === 3 && under) screen.set(under);
    if (f.dispose !== 2) return;
    for (var y = f.y; y < Math.min(height, f.y + f.h); y++) {
      screen.fill(0, (y * width + f.x) * 4, (y * width + Math.min(width, f.x + f.w)) * 4);
    }
  }
  var screen = new Uint8ClampedArray(width * height * 4), under = null, at = -1, kept = [];
  var every = Math.max(8, Math.ceil(frames.length * screen.length / 64e6));
  function draw(k) {
    if (k === at) return screen;
    if (k < at || at < 0 || kept[Math.floor(k / every)] && Math.floor(k / every) * every > at) {
      var mark = Math.floor(k / every);
      while (mark > 0 && !kept[mark]) mark--;
      if (mark > 0) screen.set(kept[mark]); else screen.fill(0);
      at = mark * every - 1;
      begun = true;
    }
    for (var i = at + 1; i <= k; i++) {
      if (!begun && i > 0) dispose(frames[i - 1]);
      begun = false;
      if (i % every === 0 && !kept[i / every]) kept[i / every] = screen.slice();
      under = frames[i].dispose === 3 ? screen.slice() : null;
      paint(frames[i]);
    }
    at = k;
    return screen;
  }
  var begun = false;
  return { width: width, height: height, delays: frames.map(function (f) { return f.delay || 100; }), draw: draw };
}
`;

/** Ties picture, controls and charts together. */
export const PAGE_SCRIPT = `
(function () {
  var $ = function (id) { return document.getElementById(id); };
  var all = function (what) { return Array.prototype.slice.call(document.querySelectorAll(what)); };
  var data = JSON.parse($("data").textContent);
  var image = $("animation"), canvas = $("picture"), slider = $("frame"), button = $("play"), which = $("which");
  var map = $("map"), values = map ? all("#map [data-usual]") : [], columns = data.from.length;
  var gif = null, context = null, current = 0, playing = false, due = 0;
  addEventListener("beforeprint", function () { all("details").forEach(function (one) { one.open = true; }); });

  if (image) {
    try {
      var text = atob(image.src.slice(image.src.indexOf(",") + 1)), bytes = new Uint8Array(text.length);
      for (var i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
      gif = openGif(bytes);
      canvas.width = gif.width; canvas.height = gif.height;
      context = canvas.getContext("2d", { willReadFrequently: true });
      gif.draw(0);
    } catch (error) {
      gif = null;
      which.textContent = "single frames cannot be shown here: " + error.message;
    }
  }
  var count = gif ? gif.delays.length : data.frames;
  slider.max = Math.max(0, count - 1);
  document.body.classList.add("live");
  if (gif) document.body.classList.add("frames");

  var strips = data.strips, steps = null, pass = $("pass"), single = document.querySelector("#map .row.single");
  if (strips) {
    var packed = atob(strips.steps);
    steps = function (p, c) {
      var at = 2 * (p * columns + c);
      return (packed.charCodeAt(at) | packed.charCodeAt(at + 1) << 8) * strips.step;
    };
    pass.addEventListener("input", function () { choosePass(+pass.value); });
  }
  function time(ns) {
    var unit = ns < 999500 ? ["µs", 1e3] : ns < 999500000 ? ["ms", 1e6] : ["s", 1e9], n = ns / unit[1];
    return n.toFixed(n < 9.995 ? 2 : n < 99.95 ? 1 : 0) + " " + unit[0];
  }
  function choosePass(p) {
    var most = 0, here = [], row = 1;
    for (var c = 0; c < columns; c++) { here.push(steps(p, c)); most = Math.max(most, here[c]); }
    var paths = "";
    for (var level = 1; level <= 8; level++) {
      var d = "";
      for (c = 0; c < columns; c++) if (Math.ceil(here[c] / most * 8) === level) d += "M" + c + " 0h1v100h-1z";
      if (d) paths += '<path d="' + d + '" opacity="' + level / 8 + '"/>';
    }
    var name = "pass " + strips.passes[p];
    single.querySelector("svg").innerHTML = paths;
    single.querySelector(".name").textContent = name;
    single.querySelector(".full").textContent = time(most);
    pass.setAttribute("aria-valuetext", name);
    var sorted = here.slice().sort(function (a, b) { return a - b; }), half = columns >> 1;
    values[row].dataset.usual = time(columns % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2);
    data.texts[row] = here.map(time);
    show(current);
  }

  function columnOf(frame) {
    var c = 0;
    while (c + 1 < columns && data.from[c + 1] <= frame) c++;
    return c;
  }
  function show(frame, column) {
    current = Math.max(0, Math.min(count - 1, frame));
    if (gif) context.putImageData(new ImageData(gif.draw(current), gif.width, gif.height), 0, 0);
    slider.value = current;
    var c = column === undefined ? columnOf(current) : column;
    document.body.style.setProperty("--at", columns ? (c / columns) * 100 + "%" : "0%");
    var name = "frame " + current + " / " + (count - 1);
    slider.setAttribute("aria-valuetext", name);
    if (!map) { if (gif) which.textContent = name; return; }
    values.forEach(function (value, row) { value.textContent = playing ? value.dataset.usual : data.texts[row][c]; });
    var next = c + 1 < columns ? data.from[c + 1] : data.end, wide = next - data.from[c] > 1;
    $("head").textContent = playing ? "median" : wide ? "worst of " + data.from[c] + "–" + (next - 1) : "frame " + data.slowest[c];
    if (gif) which.textContent = name;
  }
  function play(on) {
    playing = on && !!gif && count > 1;
    button.textContent = playing ? "Pause" : "Play";
    document.body.classList.toggle("playing", playing);
    show(current);
    due = performance.now() + (gif ? gif.delays[current] : 0);
    if (playing) requestAnimationFrame(tick);
  }
  function tick(now) {
    if (!playing) return;
    if (now >= due) {
      show((current + 1) % count);
      due = Math.max(due + gif.delays[current], now - 100);
    }
    requestAnimationFrame(tick);
  }
  function look(frame, column) {
    if (playing) play(false);
    show(frame, column);
  }
  button.addEventListener("click", function () { play(!playing); });
  slider.addEventListener("input", function () { look(+slider.value); });
  addEventListener("keydown", function (event) {
    if (event.target === slider || event.target === pass || event.target.closest(".scroll") || event.altKey || event.ctrlKey || event.metaKey) return;
    var step = { ArrowLeft: current - 1, ArrowRight: current + 1, Home: 0, End: count - 1 }[event.key];
    if (step === undefined || (event.key.length < 5 && document.activeElement !== map)) return;
    event.preventDefault();
    look(step);
  });
  all(".plot.frames, #map .plot").forEach(function (plot) {
    function point(event) {
      var box = plot.getBoundingClientRect();
      var c = Math.max(0, Math.min(columns - 1, Math.floor(((event.clientX - box.left) / box.width) * columns)));
      look(data.slowest[c], c);
    }
    plot.addEventListener("pointermove", point);
    plot.addEventListener("pointerdown", point);
  });
  play(!matchMedia("(prefers-reduced-motion: reduce)").matches);
})();
`;
