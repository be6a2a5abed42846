/** What an import says of its lines, in the language of the page that asked. */
export type ImportLanguage = 'zh' | 'en'

const zh = {
  noUserId: '没有填写账号',
  unknown: '通讯录中没有此账号，或者不在您可见的部门',
  notManaged: '此成员不在您管理的部门',
  doubled: '与第 {line} 行是同一成员，只取第 {line} 行',
  empty: '手机和邮箱都是空的',
  same: '已经是这个值',
  fromWecom: '企业微信已提供，以企业微信为准',
  spreadsheet: '数字被 Excel 改成了科学计数法：请把该列设为“文本”后重新填写',
  noMobile: '不是手机号',
  shortMobile: '不是 11 位的手机号',
  noMail: '不是正确的邮箱地址',
  headers: '行,账号,姓名,手机,邮箱,结果,说明',
  stored: '已导入',
  partly: '部分导入',
  wrong: '未导入',
  unchanged: '无需导入',
}
const en: Record<keyof typeof zh, string> = {
  noUserId: 'No userid',
  unknown: 'Nobody with this userid, or not in a department that you see',
  notManaged: 'Not in a department that you manage',
  doubled: 'The same member as line {line}, which counts',
  empty: 'Neither mobile nor mail',
  same: 'Already so',
  fromWecom: 'WeCom gives it, and WeCom wins',
  spreadsheet: 'A spreadsheet wrote the number in exponents: make the column text and fill it in again',
  noMobile: 'Not a mobile number',
  shortMobile: 'Not a mobile number of 11 digits',
  noMail: 'Not a mail address',
  headers: 'line,userid,name,mobile,email,result,reason',
  stored: 'imported',
  partly: 'partly imported',
  wrong: 'not imported',
  unchanged: 'nothing to do',
}

export type ImportWord = keyof typeof zh
export type ImportWords = (word: ImportWord, line?: number) => string

export function importWords(language: ImportLanguage | undefined): ImportWords {
  const words = language === 'en' ? en : zh
  return (word, line) => words[word].replaceAll('{line}', String(line))
}
