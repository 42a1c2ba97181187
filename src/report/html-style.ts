/** Looks of the HTML report: no font, image or script of anywhere else. */
export const HTML_STYLE = `
:root { color-scheme: light dark; --line: #8884; --dim: #777; --critical: #c1121f; --error: #d9480f; --warning: #b7791f; --notice: #2563eb; --info: #2563eb; --good: #2b8a3e; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .2rem; }
code, .time, .kind { font-family: ui-monospace, monospace; font-size: .86rem; }
code { overflow-wrap: anywhere; white-space: pre-wrap; }
.dim, .time, .kind { color: var(--dim); }
table { border-collapse: collapse; width: 100%; margin-top: .8rem; }
td { padding: .22rem .7rem .22rem .5rem; vertical-align: top; border-top: 1px solid var(--line); }
td:first-child { border-left: .35rem solid transparent; width: 6.5rem; } td:nth-child(2) { width: 7rem; }
.found { margin: .25rem 0 .25rem .2rem; } .found b { display: inline-block; min-width: 4.4rem; }
tr.critical td:first-child { border-left-color: var(--critical); } tr.error td:first-child { border-left-color: var(--error); }
tr.warning td:first-child, tr.gap td:first-child { border-left-color: var(--warning); }
tr.notice td:first-child, tr.info td:first-child { border-left-color: var(--notice); }
b.critical { color: var(--critical); } b.error { color: var(--error); } b.warning { color: var(--warning); }
b.notice, b.info { color: var(--notice); } b.good { color: var(--good); }
`;
