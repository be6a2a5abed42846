export const text = {
  picture: '图片',
  menu: '更多操作',
  choose: '请选择',
  submit: '提交',
  inWecom: '请在企业微信中操作',
}
