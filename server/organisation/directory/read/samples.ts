/** Sample shown by the API pages; it is a real answer for the sample corp. */
export const sampleDepartment = {
  orgId: '12',
  orgName: '市场部',
  corpId: 'wwb1d5c0ffee123456',
  parentId: '2',
  sortNo: 990,
}

export const sampleMember = {
  userId: 'zhangsan',
  userName: '张三',
  orgId: '12',
  mobile: '13800138000',
  alias: '三哥',
  fileId: '2s-9f1c2b7a04',
  sex: '1',
  email: 'zhangsan@example.com',
  address: '',
  status: 1,
  avatarUrl:
    'https://wisp.example.com/api/file/avatar?corpId=wwb1d5c0ffee123456&fileId=2s-9f1c2b7a04&expires=1795575600000&sign=…',
}
