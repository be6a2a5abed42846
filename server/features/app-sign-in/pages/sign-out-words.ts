import type { Words } from '../../../platform/words.ts'

/** For the page that asks a person before an application signs them out of wisp. */
export const askToSignOut = {
  title: { zh: '退出登录？', en: 'Sign out?' },
  hint: {
    zh: '将退出工作台和所有用它登录的应用。',
    en: 'It signs you out of the workbench and of all applications that you signed in to by it.',
  },
  agree: { zh: '退出登录', en: 'Sign out' },
  refuse: { zh: '不退出', en: 'Stay signed in' },
} as const satisfies Record<string, Words>
