import type { text as zh } from '../zh/agent-menu.ts'
import { text as menu } from './official-menu.ts'

/** Those of official accounts, but for what is otherwise with agents. */
export const text: Record<keyof typeof zh, string> = {
  ...menu,
  hint: 'The menu below the conversation of the application. Save, then publish: members see it when they enter again.',
  publishWhat:
    'Members will see it. The previous menu, also one made in the admin console of WeCom, is no longer shown.',
  pull: 'Pull from WeCom',
  pulledNone: 'WeCom has no menu',
  withdrawWhat: 'The menu disappears from the conversation; what was edited here stays.',
  statePublished: 'WeCom shows version {n}',
  stateNewer: 'WeCom shows version {n}; version {m}, which is edited here, is not published',
  sourcePull: 'Pulled from WeCom',
  current: 'Shown by WeCom',
  pic_weixin: 'Choose from the album',
  view_miniprogram: 'Open a mini program',
  app: 'Open an app of the platform',
  other: 'Of a type that wisp does not know (cannot be published)',
  appPicked: 'App',
  appPath: 'Page, optional',
  appPathHint:
    "A path of the app's menu, or an address on its own site; its home page unless given. Members are signed in, and the app gets a jessionId.",
}
