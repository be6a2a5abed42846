import type { Words } from '../../../platform/words.ts'
import { askToSignOut } from '../../app-sign-in/pages/sign-out-words.ts'

export const device = {
  title: { zh: '登录设备', en: 'Sign in to a device' },
  hint: { zh: '输入设备上显示的代码。', en: 'Enter the code that the device shows.' },
  code: { zh: '设备代码', en: 'Code of the device' },
  next: { zh: '继续', en: 'Go on' },
  enterAgain: { zh: '重新输入代码', en: 'Enter the code again' },
  confirm: {
    zh: '设备上显示的应是同一个代码。不是您自己发起的登录，请拒绝。',
    en: 'The device should show the same code. If you did not begin this sign-in yourself, refuse it.',
  },
  address: { zh: '设备地址', en: 'Address of the device' },
  agree: { zh: '允许登录', en: 'Let it sign in' },
  refuse: { zh: '拒绝', en: 'Refuse' },
  done: { zh: '设备已登录', en: 'The device is signed in' },
  doneHint: { zh: '可以关闭这个页面，回到设备上。', en: 'Close this page and go back to the device.' },
} as const satisfies Record<string, Words>

export function confirmTitle(client: string): Words {
  return { zh: `在设备上登录「${client}」？`, en: `Sign in to “${client}” on the device?` }
}

/** Errors after which the person can enter a code in the same form. */
const deviceErrors: Partial<Record<string, Words>> = {
  NoCodeError: device.hint,
  NotFoundError: {
    zh: '没有这个代码，请核对后重新输入。',
    en: 'There is no such code: compare and enter it again.',
  },
  ExpiredError: {
    zh: '代码已过期，请在设备上重新获取。',
    en: 'The code has expired: ask the device for another.',
  },
  AlreadyUsedError: {
    zh: '代码已用过，请在设备上重新获取。',
    en: 'The code was used already: ask the device for another.',
  },
  AbortedError: { zh: '已拒绝这次登录。', en: 'The sign-in was refused.' },
}

export function deviceErrorOf(name: string): Words | undefined {
  return Object.hasOwn(deviceErrors, name) ? deviceErrors[name] : undefined
}

/** The form was not made for this browser, or is too old: another one has to be opened. */
export const deviceFormOver: Words = {
  zh: '这个页面已失效。请重新打开并输入设备上的代码；不行时在设备上重新获取代码。',
  en: 'This page is out of date. Open it again and enter the code of the device; if that does not help, ask the device for another code.',
}

export const logout = {
  ...askToSignOut,
  stayed: { zh: '未退出登录', en: 'You are still signed in' },
  stayedHint: { zh: '可以关闭这个页面。', en: 'You can close this page.' },
  doing: { zh: '正在退出登录', en: 'Signing out' },
  done: { zh: '已退出登录', en: 'You are signed out' },
  doneHint: {
    zh: '各应用会在几秒内得知。公用电脑请关闭浏览器。',
    en: 'The applications hear of it within seconds. On a shared computer, close the browser.',
  },
} as const satisfies Record<string, Words>

export const toWorkbench = { href: '/', words: { zh: '回到工作台', en: 'Back to the workbench' } }

export const again = {
  title: { zh: '请从应用重新登录', en: 'Start again from the application' },
  hint: {
    zh: '这次登录已经完成、过期，或是在另一个浏览器里开始的。请回到应用，重新点登录。',
    en: 'This sign-in is over, has expired, or was begun in another browser. Go back to the application and sign in again.',
  },
} as const satisfies Record<string, Words>

export const wrong = {
  title: { zh: '应用发来的登录请求有误', en: 'The application asked for the sign-in in a wrong way' },
  hint: {
    zh: '请把编号和详情告诉应用的开发者。',
    en: "Tell the application's developers the number and the detail.",
  },
  detail: { zh: '详情', en: 'Detail' },
} as const satisfies Record<string, Words>

export const failed = {
  title: { zh: '暂时不能登录', en: 'No sign-in for the moment' },
  hint: {
    zh: '请稍后再试；一直不行时请告诉管理员编号。',
    en: 'Try again later; if it lasts, tell an administrator the number.',
  },
} as const satisfies Record<string, Words>
