import type { Given } from '../../../ui/data/api.ts'
import type { Choices } from '../channels/channel-view.ts'
import { viewOf } from '../channels/channel-views.ts'
import type { ComposeForm } from './compose-form.ts'

export type ComposeBody = Given<'/web/messages/send'>

export function bodyOf(form: ComposeForm, choices: Choices): ComposeBody {
  const to = {
    toUser: form.isAll ? ['@all'] : form.members.map(one => one.userId),
    toParty: form.isAll ? [] : form.departments.map(String),
    toTag: form.isAll ? [] : form.tags.map(String),
  }
  const sendType = choices.channels.find(one => one.name === form.channel)?.sendType ?? ''
  const inputs = viewOf(form.channel).compose?.inputsOf(form, choices) ?? plainInputs(form, choices)
  return { ...to, sendType, agentName: form.agentName.trim(), ...inputs }
}

const lines = ['title', 'content', 'url', 'btntxt'] as const

function linesOf(form: ComposeForm, choices: Choices) {
  const wanted = choices.channels.find(one => one.name === form.channel)?.lines ?? {}
  return lines.flatMap(name => (wanted[name] ? [{ name, required: wanted[name] === 'required' }] : []))
}

function plainInputs(form: ComposeForm, choices: Choices) {
  const given = linesOf(form, choices).map(({ name }) => [
    name,
    name === 'content' ? form[name] : form[name].trim(),
  ])
  return Object.fromEntries(given) as Partial<Pick<ComposeForm, (typeof lines)[number]>>
}

/** Without content there is nothing to preview. */
export function isPreviewable(form: ComposeForm, choices: Choices): boolean {
  if (!form.agentName.trim()) return false
  const own = viewOf(form.channel).compose
  if (own) return own.isComplete(form)
  return linesOf(form, choices).every(({ name, required }) => !required || form[name].trim())
}
