import { SendOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { type ReactNode, useMemo } from 'react'
import { type Question, useConfirm } from '../../../ui/data/act.tsx'
import type { UnsavedGuard } from '../../../ui/data/unsaved.ts'
import { useText } from '../../../ui/text.ts'

/**
 * The button that sends, and what is still missing. Its `key` is what is sent: one request id per text, so that pressing twice, or again after a
 * lost answer, sends only one message.
 */
export function SendBar(props: {
  missing: readonly string[]
  isRunning: boolean
  unsaved: UnsavedGuard
  /** What is asked before it is sent; undefined when it cannot be sent, which has been told. */
  ask(): Promise<Question | undefined>
  /** Resolves with the message's id; undefined when it was refused. */
  send(requestId: string): Promise<string | undefined>
  onSent(msgId: string): void
}): ReactNode {
  const t = useText('messages')
  const confirm = useConfirm()
  const requestId = useMemo(newId, [])
  const { missing } = props
  const go = async () => {
    const question = await props.ask()
    if (!question || !(await confirm({ okText: t('send'), ...question }))) return
    const msgId = await props.send(requestId)
    if (msgId === undefined) return
    props.unsaved.clear()
    props.onSent(msgId)
  }
  return (
    <div className="wisp-send">
      <Button
        type="primary"
        icon={<SendOutlined aria-hidden />}
        disabled={missing.length > 0}
        loading={props.isRunning}
        aria-describedby="compose-missing"
        onClick={() => void go()}
      >
        {t('send')}
      </Button>
      <div id="compose-missing" className="wisp-quiet" role="status" style={{ marginTop: 8 }}>
        {missing.length > 0 ? t('stillMissing', { fields: missing.join(t('listComma')) }) : null}
      </div>
    </div>
  )
}

function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}
