export const text = {
  userName: '姓名',
  alias: '别名',
  sex: '性别',
  email: '邮箱',
  address: '地址',
  mobile: '手机号',
  position: '职务',
  mainDepartment: '主部门',
  directLeaders: '直属上级',
  employeeNumber: '工号',
  extattr: '扩展属性',
} as const
