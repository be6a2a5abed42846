import type { Input } from '../http/input.ts'
import { submit } from './submit.ts'
import type { ApprovalWorld } from './world.ts'

/** thirdPartyOpenPage of a page (docs/upstream/wecom-approvals.md#own-flow): 10001 starts an approval at once, 10002 shows one. */
export function openApproval(world: ApprovalWorld, body: string): { err_msg: string } {
  const say = (words: string) => ({ err_msg: `thirdPartyOpenPage:${words}` })
  try {
    const { oaType, templateId, thirdNo, userid, extData } = JSON.parse(body) as Input
    const slot = world.state.slotOf(String(userid ?? ''))
    if (slot === undefined) return say('fail, not in the client')
    const template = world.approvals.template(String(templateId))
    if (template?.flow !== 'own') return say('fail, templateId')
    if (typeof thirdNo !== 'string' || thirdNo === '') return say('fail, thirdNo')
    if (oaType === '10002') return say(world.approvals.find('own', thirdNo) ? 'ok' : 'fail, thirdNo')
    const { fieldList = [] } = (extData ?? {}) as { fieldList?: { title: string; value: string }[] }
    const more = fieldList.map(({ title, value }, at) => ({
      control: 'Text',
      id: `ext-${at}`,
      title: [{ text: title, lang: 'zh_CN' }],
      value: { text: value },
    }))
    submit(world, { template, slot, contents: [], thirdNo, more })
    return say('ok')
  } catch (error) {
    return say(`fail, ${(error as Error).message}`)
  }
}
