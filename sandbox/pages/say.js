import { ask, tell } from './api.js'
import { h } from './dom.js'

const places = new Map()
/** Agents that hear what is written to them. */
let hearing = new Set()

export async function readHearing() {
  const { agents } = await ask('agents')
  hearing = new Set(agents.filter(one => one.callback).map(one => one.agentId))
}

export const hears = agentId => hearing.has(agentId)

/** Agents that a member can open although nothing was written yet. */
export const heard = () => [...hearing]

/** The member opens the conversation. Never rejects: nobody may be there to hear it. */
export function enter(userId, agentId) {
  if (hears(agentId)) void tell('agents/act', { agentId, userId, act: 'enter' }).catch(() => undefined)
}

const others = [
  ['image', '图片'],
  ['voice', '语音'],
  ['video', '视频'],
  ['location', '位置'],
]

/**
 * Where a member writes to an agent. It is drawn once for each conversation, so that a message that arrives does not lose what is being
 * typed.
 */
export function place(userId, agentId) {
  const key = `${userId} ${agentId}`
  const known = places.get(key)
  if (known) {
    const focused = known.contains(document.activeElement) && document.activeElement
    if (focused) queueMicrotask(() => focused.focus({ preventScroll: true }))
    return known
  }
  const made = composer(userId, agentId)
  places.set(key, made)
  return made
}

function composer(userId, agentId) {
  const told = h('p', { class: 'say-told', role: 'status' })
  const input = h('input', {
    name: 'content',
    class: 'input',
    'aria-label': '写给应用',
    placeholder: '发消息',
    autocomplete: 'off',
    maxlength: 2048,
  })
  const act = async (name, more) => {
    told.textContent = ''
    try {
      const { state, attempts, note } = await tell('agents/act', { agentId, userId, act: name, ...more })
      if (state === 'failed') told.textContent = `没有送达：${attempts.at(-1)?.error ?? ''}`
      else if (note) told.textContent = note
    } catch (error) {
      told.textContent = error.message
    }
  }
  const send = event => {
    event.preventDefault()
    const content = input.value.trim()
    if (content === '') return
    input.value = ''
    void act('text', { content })
  }
  return h(
    'form',
    { class: 'say', onsubmit: send },
    told,
    h('div', { class: 'say-line' }, input, h('button', { type: 'submit', class: 'action main' }, '发送')),
    h(
      'div',
      { class: 'say-others' },
      ...others.map(([name, words]) =>
        h('button', { type: 'button', class: 'action small', onclick: () => void act(name) }, words),
      ),
    ),
  )
}
