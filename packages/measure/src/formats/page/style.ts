/**
 * The style of the page: one system font, one column that becomes two where there is room, light and dark, and for paper.
 *
 * One colour for each stage, the same everywhere: those of Okabe and Ito, which people who do not see all colours can tell
 * apart (https://jfly.uni-koeln.de/color/); what is no stage is grey.
 */
export const STYLE = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1a1d21;--dim:#5b636d;--rule:#dcdfe3;--well:#f4f5f7;
--field:#0072b2;--surface:#e69f00;--picture:#009e73;--convert:#cc79a7;--encode:#d55e00;--wait:#a3abb5;--instruments:#767f8a;--unaccounted:#4a525b;
--good:#1a7f37;--warn:#8a5a00;--bad:#b3261e}
@media screen and (prefers-color-scheme:dark){:root{--paper:#14171b;--ink:#e7e9ec;--dim:#9ba4ae;--rule:#31363d;--well:#1c2025;
--field:#56a8e0;--surface:#e9ab2b;--picture:#2fb98d;--convert:#d592b8;--encode:#e8793a;--wait:#6b747e;--instruments:#8f99a4;--unaccounted:#bcc4cd;
--good:#5cc878;--warn:#e0b050;--bad:#ff8a80}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums}
body{max-width:80rem;margin:0 auto;padding:1.5rem clamp(1rem,4vw,2.5rem) 3rem}
h1,h2,p,dl,ul,ol,figure{margin:0;padding:0}
h1{font-size:1rem;font-weight:600;overflow-wrap:anywhere}
h2{font-size:1.05rem;font-weight:650;margin-bottom:.6rem}
header{padding-bottom:1.1rem;border-bottom:1px solid var(--rule)}
header .dim{overflow-wrap:anywhere}
.answer{font-size:clamp(1.15rem,.95rem + .8vw,1.5rem);line-height:1.4;margin:.9rem 0 .2rem;max-width:60rem;text-wrap:pretty}
section{padding-top:1.6rem}
p,li,dd{overflow-wrap:anywhere}
.dim,figcaption span,.full,.axis,.scale,small,dt{color:var(--dim)}
.good{color:var(--good)}.warn{color:var(--warn)}.bad{color:var(--bad)}
.strong{font-weight:600}
small,figcaption span,.axis,.scale,.full{font-size:.8rem}
code,pre{font:.86rem/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
pre{background:var(--well);border-radius:6px;padding:.7rem .9rem;margin:0 0 .8rem;white-space:pre-wrap;overflow-wrap:anywhere;user-select:all;-webkit-user-select:all}
.stage{display:grid;gap:1.6rem 2rem;grid-template-columns:minmax(0,1fr)}
.screen{position:relative;background:var(--well);border-radius:6px;overflow:hidden;line-height:0}
.screen img,.screen canvas{width:100%;height:auto;display:block}
.screen canvas{position:absolute;inset:0;height:100%;display:none}
.frames .screen canvas{display:block}
.tiny img,.tiny canvas{image-rendering:pixelated}
.controls{display:none;align-items:center;gap:.8rem;margin-top:.6rem}
.live .controls{display:flex}
.controls input{flex:1;min-width:0;margin:0;accent-color:var(--field)}
button{font:inherit;color:inherit;background:var(--well);border:1px solid var(--rule);border-radius:6px;padding:.15rem .8rem;min-width:4.6rem;cursor:pointer}
button:hover{border-color:var(--dim)}
#which{min-width:8.5em;text-align:right;font-size:.85rem}
:focus-visible{outline:2px solid var(--field);outline-offset:2px}
.row{display:grid;grid-template-columns:var(--name) var(--full) minmax(0,1fr) var(--value);gap:0 .7rem;align-items:center;min-height:1.35rem;line-height:1.2}
.row>*{min-width:0}
#map,.chart{--name:9.2rem;--full:4.6rem;--value:6.2rem}
.map-head{font-size:.8rem;color:var(--dim);margin-bottom:.2rem}
.name{white-space:nowrap;overflow:hidden;text-overflow:ellipsis;font-size:.9rem}
.full,.value{text-align:right;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.value{font-size:.85rem}
.map-head .value{font-size:.8rem}
.plot{position:relative;background:var(--well);height:1.05rem;color:var(--ink)}
.plot svg{display:block;width:100%;height:100%;overflow:hidden}
.plot path{fill:currentColor;shape-rendering:crispEdges}
#map .plot,.plot.frames{cursor:crosshair;touch-action:pan-y}
.live #map .plot::after,.live .plot.frames::after{content:"";position:absolute;inset:0 auto 0 var(--at,0);width:max(var(--wide),2px);box-shadow:inset 0 0 0 1px var(--ink);pointer-events:none}
.row.frame{margin-bottom:.25rem}.row.frame .name{font-weight:600}
.row.single{margin-bottom:.25rem}.pick{display:none;align-items:center;gap:.8rem;margin-bottom:.5rem;font-size:.85rem}.live .pick{display:flex}.pick input{flex:1;min-width:0;margin:0;accent-color:var(--dim)}
.row.lane .plot,.row.sensor .plot{color:var(--dim)}
.row.event .plot{color:var(--bad)}
.row.field .plot{color:var(--field)}.row.surface .plot{color:var(--surface)}.row.picture .plot{color:var(--picture)}.row.convert .plot{color:var(--convert)}.row.encode .plot{color:var(--encode)}.row.wait .plot{color:var(--wait)}.row.instruments .plot{color:var(--instruments)}.row.unaccounted .plot{color:var(--unaccounted)}
path.field{color:var(--field)}path.surface{color:var(--surface)}path.picture{color:var(--picture)}path.convert{color:var(--convert)}path.encode{color:var(--encode)}path.wait{color:var(--wait)}path.instruments{color:var(--instruments)}path.unaccounted{color:var(--unaccounted)}
figcaption{margin-bottom:.5rem}
#map+figure{margin-top:1.6rem}
figcaption b{font-weight:650}
.chart{display:grid;grid-template-columns:auto minmax(0,1fr);gap:0 .5rem}
.chart .plot{height:7rem}
.chart.tall .plot{height:11rem}
.scale{display:flex;flex-direction:column;justify-content:space-between;text-align:right;min-width:3.6rem;margin:-.6em 0}
.axis{display:flex;justify-content:space-between;gap:1rem;padding-left:4.1rem;margin-top:.15rem}
.legend{display:flex;flex-wrap:wrap;gap:.15rem 1rem;list-style:none;padding-left:4.1rem;margin-top:.35rem;font-size:.85rem}
.legend li::before,td .swatch{content:"";display:inline-block;width:.75em;height:.75em;border-radius:2px;margin-right:.4em;background:var(--tone,var(--ink))}
.field{--tone:var(--field)}.surface{--tone:var(--surface)}.picture{--tone:var(--picture)}.convert{--tone:var(--convert)}.encode{--tone:var(--encode)}.wait{--tone:var(--wait)}.instruments{--tone:var(--instruments)}.unaccounted{--tone:var(--unaccounted)}
.legend .steady,.legend .warm{--tone:var(--field)}
.legend .steady::before,.legend .warm::before{border-radius:50%}
.legend .warm::before{background:none;box-shadow:inset 0 0 0 2px var(--field)}
.plot path.line,.plot path.median,.plot path.dots{fill:none;stroke:currentColor;stroke-width:1.5;vector-effect:non-scaling-stroke;stroke-linecap:round;stroke-linejoin:round;shape-rendering:auto}
.plot path.band{fill:var(--field);opacity:.18}
.plot path.median{stroke:var(--dim);stroke-width:1}
.plot path.dots{stroke:var(--field);stroke-width:7}
.plot path.samples{stroke:currentColor;stroke-width:5}
.plot path.hole{stroke:var(--well);stroke-width:3.5}
.sensors .row{grid-template-columns:13rem minmax(0,1fr) 13.5rem;margin-bottom:.2rem}
.sensors .plot{height:1.5rem}
.sensors svg{overflow:visible}
.sensors small{margin-left:.6em}
.sensors .axis{padding:0 14.2rem 0 13.7rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%}
th,td{padding:.22rem .9rem .22rem 0;text-align:left;white-space:nowrap;border-bottom:1px solid var(--rule)}
th{font-weight:500;color:var(--dim);font-size:.85rem}
th:last-child,td:last-child{padding-right:0}
.right{text-align:right}
tr.dim td{color:var(--dim)}
.grade{display:grid;grid-template-columns:auto minmax(0,1fr);gap:0 1.1rem}
.grade .plain{margin-top:.3rem}
.letter{font-size:2.6rem;line-height:1;font-weight:700}
.plain{list-style:none}
.plain li+li,section p+p{margin-top:.3rem}
.checks{margin-top:.3rem}
.checks li{padding-left:1.5em;text-indent:-1.5em}
.checks li>b{display:inline-block;width:1.5em;text-indent:0}
.words{columns:22rem;column-gap:2.5rem}
.words>section{break-inside:avoid}
.pair{display:grid;columns:auto;gap:0 2.5rem}
@media (min-width:52rem){.pair{grid-template-columns:minmax(0,3fr) minmax(0,2fr)}}
dl{display:grid;grid-template-columns:minmax(7rem,auto) minmax(0,1fr);gap:.15rem 1rem}
dt{overflow-wrap:anywhere}
dd{margin:0}
details{margin-top:.7rem}
summary{cursor:pointer;color:var(--dim)}
details[open] summary{margin-bottom:.5rem}
footer{margin-top:2rem;padding-top:.9rem;border-top:1px solid var(--rule);color:var(--dim);font-size:.85rem}
@media (min-width:62rem){.stage{grid-template-columns:minmax(0,4fr) minmax(0,7fr)}.stage .shown{position:sticky;top:1rem;align-self:start}#map{--name:9.4rem;--full:4.4rem}}
@media (max-width:40rem){#map{--name:5.4rem;--value:4.9rem}#map .row{grid-template-columns:var(--name) minmax(0,1fr) var(--value);gap:0 .5rem}#map .full{display:none}
.sensors .row{grid-template-columns:minmax(0,1fr) fit-content(65%);margin-bottom:.5rem}.sensors .plot{grid-row:2;grid-column:1/3}.sensors .axis{padding:0}
.name{font-size:.82rem}.value{font-size:.78rem}dl{grid-template-columns:minmax(0,1fr)}dd{margin-bottom:.35rem}#which{min-width:7.5em}.legend,#map .axis{padding-left:0}.grade{grid-template-columns:minmax(0,1fr)}table{font-size:.87rem}th,td{padding-right:.6rem}}
@media (pointer:coarse){button{padding:.45rem 1rem}#map .plot{height:1.3rem}}
@media print{:root{color-scheme:light}html{font-size:11px}body{padding:0;max-width:none}.controls,.plot::after{display:none!important}.stage{grid-template-columns:2fr 3fr}.stage .shown{position:static}figure,.row,tr,li{break-inside:avoid}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}summary{display:none}}
`;
