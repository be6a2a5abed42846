import { tell } from './api.js'

const silent = document.querySelector('#silent')
const said = document.querySelector('#said')

export const isSilent = () => silent.checked

/** Explanations of errcodes whose English message is not enough. */
const words = {
  40003: '账号只能用字母、数字和 _-@.，64 个字符以内',
  40068: '标签不存在',
  40071: '已有同名的标签',
  40072: '标签名应为 1 到 32 个字',
  40031: '选中的成员和部门都不存在',
  60003: '部门不存在',
  60004: '上级部门不存在',
  60005: '部门下还有成员，不能删除',
  60006: '部门下还有子部门，不能删除',
  60007: '根部门不能删除',
  60008: '同一上级下已有同名部门',
  60009: '部门名称里有不允许的字符',
  60010: '不能移到自己的下级',
  60102: '账号已被使用',
  60103: '手机号不对',
  60104: '手机号已被使用',
  60105: '邮箱不对',
  60106: '邮箱已被使用',
  60111: '成员不存在',
  60112: '姓名不对',
  60123: '请选择部门',
  60125: '部门名称应为 1 到 32 个字',
  60129: '手机号和邮箱至少填一个',
  81002: '部门层级超过上限',
}

/**
 * Makes one edit, either in the console or silently through the API. Throws an error in words when WeCom
 * would refuse it.
 */
export async function edit(name, input) {
  const answer = await tell(`${silent.checked ? 'silent' : 'admin'}/${name}`, input)
  if (answer.errcode !== 0) {
    const plain = words[answer.errcode] ?? answer.errmsg.split(', hint')[0]
    throw new Error(`${plain}（${answer.errcode}）`)
  }
  say(silent.checked ? '已保存，没有回调' : '已保存')
  return answer
}

let timer
/** Shows a short text for a moment. */
export function say(text) {
  said.replaceChildren(text)
  clearTimeout(timer)
  timer = setTimeout(() => said.replaceChildren(), 4000)
}
