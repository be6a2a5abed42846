import type { Shades } from '../../branding/colours.ts'

/** Light or dark as the person's system is. The colours but the organisation's own are those of web/ui/base.css. */
export function pageStyle(light: Shades, dark: Shades): string {
  return `
  :root { color-scheme: light dark; --page: #f5f7fa; --surface: #fff; --text: #1f2329; --quiet: #5f6672; --line: #e5e8ee;
    --link: ${light.text}; --fill: ${light.fill}; --hover: ${light.hover}; }
  @media (prefers-color-scheme: dark) { :root { --page: #101216; --surface: #181b21; --text: #e6e8ec; --quiet: #a3a9b5; --line: #2c313a;
    --link: ${dark.text}; --fill: ${dark.fill}; --hover: ${dark.hover}; } }
  body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--page); color: var(--text);
    font: 15px/1.7 "PingFang SC", "Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", system-ui, sans-serif; }
  main { box-sizing: border-box; width: min(472px, 100%); padding: 24px 16px; }
  header { display: flex; gap: 10px; align-items: center; justify-content: center; margin-bottom: 16px; color: var(--quiet); }
  section { padding: 28px 24px 24px; border: 1px solid var(--line); border-radius: 8px; background: var(--surface); overflow-wrap: anywhere; }
  h1 { margin: 0 0 12px; font-size: 20px; line-height: 28px; text-wrap: balance; }
  p, ul, dl { margin: 0 0 16px; }
  ul { padding-left: 20px; }
  dl { padding-top: 12px; border-top: 1px solid var(--line); }
  dl div { display: flex; gap: 12px; padding: 3px 0; }
  dt { flex: 0 0 96px; color: var(--quiet); }
  dd { margin: 0; min-width: 0; }
  form { margin: 0; }
  a, button { display: block; box-sizing: border-box; width: 100%; min-height: 44px; margin-top: 8px; padding: 8px 12px;
    border: 1px solid var(--line); border-radius: 6px; background: none; color: var(--link); font: inherit; font-size: 16px;
    text-align: center; text-decoration: none; cursor: pointer; }
  label { display: block; color: var(--quiet); }
  input:not([type]) { display: block; box-sizing: border-box; width: 100%; min-height: 44px; margin: 4px 0 8px; padding: 8px 12px; border: 1px solid var(--quiet);
    border-radius: 6px; background: var(--page); color: var(--text); font: 20px/1.4 ui-monospace, monospace; letter-spacing: .08em; text-transform: uppercase; }
  .other { margin-top: 24px; padding-top: 16px; border-top: 1px solid var(--line); color: var(--quiet); font-size: 13px; }
  .other h2 { margin: 0 0 8px; font-size: 14px; line-height: 22px; }
  .other p, .other dl { margin: 0 0 8px; }
  .other dl { padding: 0; border: 0; }
  .other p a { display: inline; padding: 0; border: 0; font-size: inherit; text-decoration: underline; }
  .main { border-color: var(--fill); background: var(--fill); color: #fff; }
  .main:hover { border-color: var(--hover); background: var(--hover); }
  :focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
`
}
