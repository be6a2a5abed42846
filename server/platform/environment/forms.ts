import { Type } from 'typebox'

/** What a value of a form is called in both languages: `problemIn` tells it in place of the pattern. */
export const forms = {
  web: {
    pattern: '^https?://.+',
    zh: '以 http:// 或 https:// 开头的地址',
    en: 'an address that begins with http:// or https://',
  },
  postgres: {
    pattern: '^postgres(ql)?://.+',
    zh: '以 postgres:// 开头的数据库地址',
    en: 'the address of a database, which begins with postgres://',
  },
  folder: { pattern: '^/.+', zh: '以 / 开头的文件夹路径', en: 'the path of a folder, which begins with /' },
  file: { pattern: '^/.+', zh: '以 / 开头的文件路径', en: 'the path of a file, which begins with /' },
  nodeName: {
    pattern: '^[A-Za-z0-9_.:-]{1,64}',
    zh: '1 到 64 个英文字母、数字或 _ . : -',
    en: '1 to 64 English letters, digits, or _ . : -',
  },
} as const
export type Form = keyof typeof forms

/** A variable of this form; an empty one is allowed where that is the default. */
export function formed(form: Form, options: { default: string; description: string }) {
  const { pattern } = forms[form]
  return Type.String({
    ...options,
    form,
    pattern: options.default === '' ? `^(${pattern.slice(1)})?$` : `${pattern}$`,
  })
}
