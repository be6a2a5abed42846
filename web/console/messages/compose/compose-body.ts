import type { Given } from '../../../ui/data/api.ts'
import type { PickedMember } from '../../../ui/pickers.tsx'

/** The values of the form. They are converted to the body of the API's call. */
export type ComposeForm = {
  sendType: '0' | '1' | '2'
  msgType: '01' | '02' | '03'
  isAll: boolean
  members: PickedMember[]
  departments: number[]
  tags: number[]
  agentName: string
  agentId: number | undefined
  title: string
  content: string
  url: string
  btntxt: string
  picUrl: string
  templateId: string | undefined
  params: string[]
}

export const emptyForm: ComposeForm = {
  sendType: '0',
  msgType: '01',
  isAll: false,
  members: [],
  departments: [],
  tags: [],
  agentName: '',
  agentId: undefined,
  title: '',
  content: '',
  url: '',
  btntxt: '',
  picUrl: '',
  templateId: undefined,
  params: [],
}

export type ComposeBody = Given<'/web/messages/send'>

export function bodyOf(form: ComposeForm, paramCount: number): ComposeBody {
  const to = {
    toUser: form.isAll ? ['@all'] : form.members.map(one => one.userId),
    toParty: form.isAll ? [] : form.departments.map(String),
    toTag: form.isAll ? [] : form.tags.map(String),
  }
  const common = { ...to, sendType: form.sendType, agentName: form.agentName.trim() }
  if (form.sendType === '1') {
    const params = Array.from({ length: paramCount }, (_, index) => form.params[index] ?? '')
    return { ...common, templateId: form.templateId, params }
  }
  const { title, content, url, btntxt } = form
  const message = { ...common, title: title.trim(), content, url: url.trim(), btntxt: btntxt.trim() }
  if (form.sendType === '2') return message
  const { msgType, agentId, picUrl } = form
  const agent = agentId === undefined ? {} : { agentId: String(agentId) }
  return { ...message, msgType, ...agent, ...(msgType === '02' ? { picUrl: picUrl.trim() } : {}) }
}

/** Without content there is nothing to preview. */
export function isPreviewable(body: ComposeBody): boolean {
  if (!body.agentName) return false
  if (body.sendType === '1') return Boolean(body.templateId)
  const isComplete = body.msgType === '03' || (body.sendType === '2' ? body.title : body.title && body.url)
  return Boolean(body.content && isComplete)
}

export function hasReceivers(form: ComposeForm): boolean {
  return form.isAll || form.members.length + form.departments.length + form.tags.length > 0
}
