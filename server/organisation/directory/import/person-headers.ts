/** What people call the columns that name a person, in tables of theirs. Compared without case and spaces (tables/columns.ts). */
export const personHeaders = {
  userId: [
    '账号',
    '帐号',
    '成员账号',
    '成员帐号',
    '用户账号',
    '用户id',
    '成员id',
    'userid',
    'user_id',
    'account',
  ],
  employeeNo: [
    '工号',
    '员工工号',
    '员工号',
    '员工编号',
    '职工号',
    'employeeno',
    'employeenumber',
    'employeeid',
  ],
  mobile: ['手机', '手机号', '手机号码', '移动电话', 'mobile', 'mobilephone', 'phone', 'cellphone'],
} as const satisfies Record<string, readonly string[]>
