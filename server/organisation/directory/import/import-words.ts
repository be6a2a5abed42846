import type { Words } from '../../../platform/words.ts'

/** Texts about the lines of an import. */
export const importWords = {
  noUserId: { zh: '没有填写账号', en: 'No userid' },
  unknown: {
    zh: '通讯录中没有此账号，或者不在您可见的部门',
    en: 'Nobody with this userid, or not in a department that you see',
  },
  notManaged: { zh: '此成员不在您管理的部门', en: 'Not in a department that you manage' },
  empty: { zh: '手机和邮箱都是空的', en: 'Neither mobile nor mail' },
  same: { zh: '已经是这个值', en: 'Already so' },
  fromWecom: { zh: '企业微信已提供，以企业微信为准', en: 'WeCom gives it, and WeCom wins' },
  spreadsheet: {
    zh: '数字被 Excel 改成了科学计数法：请把该列设为“文本”后重新填写',
    en: 'A spreadsheet wrote the number in exponents: make the column text and fill it in again',
  },
  noMobile: { zh: '不是手机号', en: 'Not a mobile number' },
  shortMobile: { zh: '不是 11 位的手机号', en: 'Not a mobile number of 11 digits' },
  noMail: { zh: '不是正确的邮箱地址', en: 'Not a mail address' },
  stored: { zh: '已导入', en: 'imported' },
  partly: { zh: '部分导入', en: 'partly imported' },
  wrong: { zh: '未导入', en: 'not imported' },
  unchanged: { zh: '无需导入', en: 'nothing to do' },
} satisfies Record<string, Words>

export type ImportWord = keyof typeof importWords

export function doubledWords(line: number): Words {
  return {
    zh: `与第 ${line} 行是同一成员，只取第 ${line} 行`,
    en: `The same member as line ${line}, which counts`,
  }
}

/** Column headers of the report, separated by commas. */
export const reportHeaders: Words = {
  zh: '行,账号,姓名,手机,邮箱,结果,说明',
  en: 'line,userid,name,mobile,email,result,reason',
}
