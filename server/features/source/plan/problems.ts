import type { Words } from '../../../platform/words.ts'
import { type SourceField, wordsOfField } from './fields.ts'

/** What is wrong in a line of a source. Without a field, nothing of the line is written. */
export type Problem = { line: number; key: string; field?: SourceField | undefined; why: Words }

/** Of one cell, in characters; a source gives no longer texts. */
export const cellAtMost = 1000
/** A cell that was longer before it was cut. */
export type TooLongCell = { column: string; length: number }

const quoted = (value: string) => value.slice(0, 100)

export const problems = {
  noKey: (column: string): Words => ({
    zh: `“${column}”一列为空、过长、是公式或被改成了科学计数法，不知道是谁；这次不认定任何人离职`,
    en: `the column ${column} is empty, too long, a formula or in exponents, so it is not known who this is; nobody counts as a leaver this time`,
  }),
  cutOff: {
    zh: '文件在这一行中断，可能没有传完；这次不认定任何人离职，请重新导出后上传',
    en: 'the file ends in the middle of this line and may be cut off; nobody counts as a leaver this time: export and upload it again',
  },
  badUserId: (userId: string): Words => ({
    zh: `“${quoted(userId)}”不能作账号：1 到 64 个字符，以字母或数字开头，只含字母、数字和 _ - @ .`,
    en: `${quoted(userId)} is no userid: 1 to 64 characters, a letter or digit first, then letters, digits and _ - @ . only`,
  }),
  twice: (line: number): Words => ({
    zh: `与第 ${line} 行是同一人；两行都没有采用，请只留一行`,
    en: `the same person as line ${line}; neither line is used: keep one of them`,
  }),
  formula: (column: string): Words => ({
    zh: `“${column}”是公式，不是值；请粘贴为数值后重新导出`,
    en: `${column} is a formula and no value: paste it as a value and export the file again`,
  }),
  control: (column: string): Words => ({
    zh: `“${column}”含有换行或控制字符`,
    en: `${column} has line breaks or control characters`,
  }),
  spreadsheet: {
    zh: '手机号被表格软件改成了科学计数法；请把该列设为“文本”后重新填写',
    en: 'a spreadsheet wrote the mobile in exponents: make the column text and fill it in again',
  },
  badMobile: (mobile: string): Words => ({
    zh: `“${quoted(mobile)}”不是手机号`,
    en: `${quoted(mobile)} is no mobile number`,
  }),
  badMail: (mail: string): Words => ({
    zh: `“${quoted(mail)}”不是邮箱地址`,
    en: `${quoted(mail)} is no mail address`,
  }),
  badGender: (gender: string): Words => ({
    zh: `性别“${quoted(gender)}”不能识别，应为 男、女、1 或 2`,
    en: `the gender ${quoted(gender)} is not known: give 男, 女, male, female, 1 or 2`,
  }),
  badStatus: (status: string): Words => ({
    zh: `在职状态“${quoted(status)}”不能识别，请在设置中列出；这一行没有采用，也不作离职处理`,
    en: `the state ${quoted(status)} is not known: list it in the settings. The line is not used, and the person is no leaver`,
  }),
  cellTooLong: ({ column, length }: TooLongCell): Words => ({
    zh: `“${column}”有 ${length} 个字符，最多 ${cellAtMost} 个；这一行没有采用`,
    en: `${column} has ${length} characters, at most ${cellAtMost} are allowed; the line is not used`,
  }),
  tooLong: (field: SourceField, atMost: number): Words => ({
    zh: `${wordsOfField(field).zh}超过 ${atMost} 个字符`,
    en: `${wordsOfField(field).en} has more than ${atMost} characters`,
  }),
  mobileTwice: (line: number): Words => ({
    zh: `手机号与第 ${line} 行相同`,
    en: `line ${line} has the same mobile`,
  }),
  mobileOf: (userId: string): Words => ({
    zh: `手机号属于成员 ${userId}；在企业微信中一个手机号只能属于一人`,
    en: `the mobile belongs to the member ${userId}; in WeCom a mobile belongs to one person`,
  }),
  userIdOf: (userId: string, key: string): Words => ({
    zh: `账号 ${userId} 属于“${quoted(key)}”，没有采用；是另一人时请换一个账号，是同一人时请沿用“${quoted(key)}”`,
    en: `the userid ${userId} belongs to ${quoted(key)}, and is not used: give another userid to another person, and keep ${quoted(key)} for the same one`,
  }),
  noContact: {
    zh: '手机和个人邮箱都没有；企业微信要求新成员至少有一项',
    en: 'neither mobile nor personal mail: WeCom wants one of them for a new member',
  },
  noName: { zh: '没有姓名', en: 'the name is empty' },
  noLeader: (leader: string): Words => ({
    zh: `直属上级“${quoted(leader)}”不在人事源中，也不在企业微信中；上级没有修改`,
    en: `the leader ${quoted(leader)} is neither in the source nor in WeCom; the leader stays as it is`,
  }),
  ownLeader: { zh: '直属上级是本人；上级没有修改', en: 'the leader is the person; it stays as it is' },
  noDepartment: (code: string): Words => ({
    zh: `部门“${quoted(code)}”不在人事源中，或有错误；部门没有修改`,
    en: `the department ${quoted(code)} is not in the source, or wrong there; departments stay as they are`,
  }),
  otherSource: (source: string): Words => ({
    zh: `此人由人事源“${source}”管理`,
    en: `this person is kept by the source ${source}`,
  }),
  quit: {
    zh: '成员已退出企业，企业微信不允许修改；请先在企业微信管理后台删除或恢复',
    en: 'the member has quit the corp and cannot be written: delete or restore them in WeCom first',
  },
  departmentTwice: (line: number): Words => ({
    zh: `部门编码与第 ${line} 行相同；只采用第 ${line} 行`,
    en: `line ${line} has the same department code, and counts`,
  }),
  departmentCode: {
    zh: '部门编码为空，或路径超过 500 个字符；这个部门没有采用',
    en: 'the code of the department is empty, or its path has more than 500 characters; it is not used',
  },
  departmentName: (name: string): Words => ({
    zh: `“${quoted(name)}”不能作部门名称：1 到 64 个字符，不含 \\ : * ? " < > |`,
    en: `${quoted(name)} is no department name: 1 to 64 characters without \\ : * ? " < > |`,
  }),
  circle: (path: readonly string[]): Words => ({
    zh: `部门循环：${path.join(' → ')}；这些部门和其中的人没有采用`,
    en: `departments in a circle: ${path.join(' → ')}; they are not used, nor for whoever is in them`,
  }),
  noParent: (code: string): Words => ({
    zh: `上级部门“${quoted(code)}”不在人事源中`,
    en: `the department above, ${quoted(code)}, is not in the source`,
  }),
  parentBad: { zh: '上级部门有错误', en: 'the department above is wrong' },
  tooDeep: { zh: '部门超过 15 层', en: 'the department is more than 15 levels deep' },
  siblingTwice: (line: number): Words => ({
    zh: `与第 ${line} 行的部门同名同上级；请合并为一个部门`,
    en: `line ${line} has a department of the same name below the same one: make them one department`,
  }),
  nameTaken: (name: string): Words => ({
    zh: `企业微信中同一上级下已有部门“${quoted(name)}”；部门保持原样`,
    en: `WeCom has a department ${quoted(name)} below the same one; this department stays as it is`,
  }),
} as const

/** What is told of a change beside its fields. */
export const notes = {
  byHand: { zh: '在企业微信中被手工改过', en: 'was changed by hand in WeCom' },
  renamed: {
    zh: '账号在企业微信中改过；按现在的账号写入',
    en: 'was given another userid in WeCom, which is used',
  },
  disabledByHand: {
    zh: '在企业微信中被手工停用；不会自动启用',
    en: 'was disabled by hand in WeCom, and is not enabled',
  },
  deletedByHand: {
    zh: '在企业微信中被手工删除，将重新创建',
    en: 'was deleted by hand in WeCom, and is created again',
  },
  kept: { zh: '以企业微信为准，不写入', en: 'WeCom decides: it is not written' },
} as const satisfies Record<string, Words>
export type Note = keyof typeof notes
