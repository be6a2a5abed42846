import { Alert, Button, Form, Input } from 'antd'
import { type ReactNode, useState } from 'react'
import { useText } from '../../../../ui/text.ts'
import { CopyButton } from '../../../../ui/values/copy.tsx'
import type { WecomCard } from '../../../../ui/wecom-card/wecom-card.ts'
import './card.css'

/** The card as JSON, which can be pasted from elsewhere, and the call that sends it. */
export function CardJson(props: {
  card: WecomCard
  onLoad: (card: WecomCard) => void
  call: string
}): ReactNode {
  const t = useText('cards')
  const written = JSON.stringify(props.card, null, 2)
  const [typed, setTyped] = useState<string>()
  const [said, setSaid] = useState<{ bad?: string; note?: string }>({})
  const load = () => {
    const read = readCard(typed ?? '')
    if (!read.card) return setSaid({ bad: t('badJson', { why: read.why ?? '' }) })
    setSaid(read.hadTask ? { note: t('hadTask') } : {})
    setTyped(undefined)
    props.onLoad(read.card)
  }
  return (
    <>
      <Form.Item
        label={t('json')}
        htmlFor="card-json"
        extra={t('jsonHint')}
        {...(said.bad ? { validateStatus: 'error', help: said.bad } : {})}
      >
        <Input.TextArea
          id="card-json"
          className="card-json"
          spellCheck={false}
          rows={16}
          value={typed ?? written}
          onChange={event => {
            setSaid({})
            setTyped(event.target.value)
          }}
        />
      </Form.Item>
      {said.note ? <Alert type="info" showIcon title={said.note} style={{ marginBottom: 12 }} /> : null}
      <div className="wisp-actions" style={{ marginBottom: 16 }}>
        <Button disabled={typed === undefined} onClick={load}>
          {t('loadJson')}
        </Button>
        <Button disabled={typed === undefined} onClick={() => setTyped(undefined)}>
          {t('dropJson')}
        </Button>
        <CopyButton value={props.call} what={t('call')} withText />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard. */}
      <section className="card-json-call" tabIndex={0} aria-label={t('call')}>
        <pre>{props.call}</pre>
      </section>
    </>
  )
}

type ParsedCard = { card?: WecomCard; why?: string; hadTask?: boolean }

/** Takes a card, or a whole message of WeCom's or of ours that contains one. The task_id is wisp's. */
export function readCard(text: string): ParsedCard {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { why: error instanceof Error ? error.message : '' }
  }
  const whole = isObject(value) ? value : undefined
  const card = [whole?.['template_card'], whole?.['card'], whole].find(isObject)
  if (!card) return { why: '{…}' }
  const { task_id, ...rest } = card
  return { card: rest as WecomCard, hadTask: task_id !== undefined }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
