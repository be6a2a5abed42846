import { ControlError } from '../../http/control-input.ts'
import type { Rules } from '../rules/rules.ts'
import type { Account } from '../state/account.ts'
import type { Follower } from '../state/followers.ts'
import { subscribeTemplatesOf, tickKey, ticksOf } from '../state/templates.ts'
import type { Act, ActInput } from './acts.ts'

/**
 * A choice about 订阅通知: `subscribe_msg` in the window of a page (scene 1) or article (2), whose tick counts
 * for one message, or `subscribe_msg_change` in the settings (docs/upstream/official-templates.md#events-of-notices).
 */
export function choose(
  account: Account,
  { openid }: Follower,
  name: string,
  input: ActInput,
  rules: Rules,
): Act {
  const template = subscribeTemplatesOf(account).get(String(input['templateId']))
  if (!template) throw new ControlError('templateId must be the id of a 订阅通知 template')
  const change = name === 'subscribe_msg_change'
  const choice = input['choice'] ?? (change ? 'reject' : 'accept')
  if (choice !== 'accept' && choice !== 'reject') throw new ControlError('choice must be accept or reject')
  const key = tickKey(openid, template.id)
  const known = ticksOf(account).get(key)
  const longTerm = template.type === 3
  if (choice === 'accept')
    ticksOf(account).set(key, { openid, templateId: template.id, left: (known?.left ?? 0) + 1, longTerm })
  else if (change) ticksOf(account).delete(key)
  const entry = { TemplateId: template.id, SubscribeStatusString: choice }
  const event = change ? 'subscribe_msg_change_event' : 'subscribe_msg_popup_event'
  return {
    kind: 'event',
    name: event,
    fields: change
      ? { [rules.subscribeChangeWrapper]: { List: [entry] } }
      : { SubscribeMsgPopupEvent: { List: [{ ...entry, PopupScene: String(input['scene'] ?? 1) }] } },
    shown: { event, title: template.title, choice },
    notice: false,
  }
}
