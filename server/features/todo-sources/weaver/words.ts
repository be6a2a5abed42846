import type { Result } from '../apply/apply.ts'
import type { NotUnderstood } from '../reason.ts'
import { type Item, textIn } from '../receive/values.ts'
import { element, escapeXml } from '../receive/xml.ts'
import type { WeaverCall } from './read.ts'

/** What 泛微 answers, always with HTTP 200 (docs/upstream/oa-todos.md#泛微-answers). All values are texts. */
export type WeaverAnswer = {
  syscode: string
  dataType: 'IsUse' | 'OtherSys' | 'WfType' | 'WfData' | 'SetParam'
  operType: 'AutoNew' | 'New' | 'AutoEdit' | 'Edit' | 'Del' | 'Check' | 'Set'
  operResult: '0' | '1'
  message: string
}

function named(item: Item, name: string): string {
  try {
    return textIn(item, name)
  } catch {
    return ''
  }
}

/** The words for what became of one item. */
export function weaverAnswer(call: WeaverCall, item: Item, { outcomes, refusals }: Result): WeaverAnswer {
  const syscode = named(item, 'syscode')
  const [refusal] = refusals
  if (refusal) return refusalOf(call, item, refusal)
  const flow = `流程数据【${named(item, 'requestname')}】`
  const answer = (operType: WeaverAnswer['operType'], isGood: boolean, message: string): WeaverAnswer => ({
    syscode,
    dataType: 'WfData',
    operType,
    operResult: isGood ? '1' : '0',
    message,
  })
  const has = (...some: string[]) => outcomes.some(one => some.includes(one))
  switch (call) {
    case 'deleteRequestInfo':
    case 'deleteUserRequestInfo':
      return has('updated', 'same', 'stale')
        ? answer('Del', true, '流程数据删除成功')
        : answer('Del', false, '流程数据删除失败,流程数据不存在')
    case 'ProcessDoneRequest':
    case 'ProcessOverRequest': {
      const became = call === 'ProcessDoneRequest' ? '已办' : '办结'
      return has('updated', 'same', 'stale')
        ? answer('AutoEdit', true, `${flow}流程状态变更为${became}成功`)
        : answer('AutoEdit', false, `${flow}不存在`)
    }
    case 'ReceiveRequestInfo':
      return has('created')
        ? answer('AutoNew', true, `${flow}自动创建成功`)
        : answer('AutoEdit', true, `${flow}自动更新成功`)
    default:
      return has('exists')
        ? answer('AutoNew', false, `${flow}已存在`)
        : answer('AutoNew', true, `${flow}自动新增${call === 'ReceiveCCRequest' ? '待阅' : '待办'}成功`)
  }
}

export function refusalOf(call: WeaverCall | '', item: Item, why: NotUnderstood): WeaverAnswer {
  const failed = (
    dataType: WeaverAnswer['dataType'],
    operType: WeaverAnswer['operType'],
    message: string,
  ): WeaverAnswer => ({ syscode: named(item, 'syscode'), dataType, operType, operResult: '0', message })
  const flow = `流程数据【${named(item, 'requestname')}】`
  const check = (message: string) => failed('WfData', 'Check', `${flow}${message}`)
  if (call.startsWith('delete') && why.reason === 'missing')
    return failed('WfData', 'Del', `流程数据删除失败,${why.about}为空`)
  switch (why.reason) {
    case 'unknownSystem':
      return failed('OtherSys', 'Check', `异构系统标识【${why.about}】未注册`)
    case 'unknownSender':
      return check('检测创建人不存在')
    case 'unknownReceiver':
      return check('检测接收人不存在')
    case 'doubledReceiver':
      return check('检测接收人不唯一')
    case 'missing':
      if (why.about === 'workflowname') return failed('WfType', 'Check', '流程类型未填写')
      if (why.about === 'requestname') return failed('WfData', 'Check', '流程标题未填写')
      return check(`检测${why.about}为空`)
    case 'badField':
      return check(`检测${why.about.split(' ', 1)[0]}不合法`)
    case 'tooLong':
      return check(`检测${why.about.slice(0, 40)}过长`)
    case 'noAddress':
    case 'badAddress':
      return check('检测pcurl不合法')
    case 'unknownCall':
      return failed('WfData', 'Check', `接口${why.about}不存在`)
    default:
      return failed('WfData', 'Check', `数据格式不正确（${why.about}）`)
  }
}

export function asXml(answer: WeaverAnswer): string {
  const fields = Object.entries(answer).map(([name, value]) => element(name, escapeXml(value)))
  return `<?xml version="1.0" encoding="UTF-8"?>${element('ResultInfo', fields.join(''))}`
}
