import { AudioOutlined, PictureOutlined, ProfileOutlined } from '@ant-design/icons'
import { Alert, Button, Input, Tooltip } from 'antd'
import { type ChangeEvent, type KeyboardEvent, type ReactNode, useRef, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import { api } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import { NewsDialog } from './news-dialog.tsx'
import { QuickReplyPicker } from './quick-reply-picker.tsx'
import type { SendMessage, ShownConversation } from './shown.ts'
import { WindowLeft } from './window-left.tsx'

const bytesAtMost = 2048
const typingEveryMs = 10_000
/** WeChat shows it to followers who did something in the last half minute. */
const typingWithinMs = 30_000
/** What was begun in a conversation is still there when somebody comes back to it. */
const drafts = new Map<string, string>()

export function Composer(props: {
  originalId: string
  shown: ShownConversation
  readAt: number
  onEnd(): void
}): ReactNode {
  const t = useText('official-conversations')
  const { originalId, shown, readAt, onEnd } = props
  const { openid, assigned, isMine, subscribed } = shown.conversation
  const draftKey = `${originalId} ${openid}`
  const [text, setText] = useState(drafts.get(draftKey) ?? '')
  const [isNews, setNews] = useState(false)
  const send = useSend(originalId, openid)
  const type = useTyping(originalId, openid, shown)
  const write = (next: string) => {
    setText(next)
    drafts.set(draftKey, next)
    if (next !== '') type()
  }
  const bytes = new TextEncoder().encode(text).length
  const isOthers = assigned !== null && !isMine
  const mayNot = shown.whyNot || (isOthers ? t('othersHint', { who: assigned.name }) : '')
  const isShut = mayNot !== '' || shown.left.messages === 0
  const isReady = !isShut && !send.isRunning && text.trim() !== '' && bytes <= bytesAtMost
  const submit = async () => {
    if (isReady && (await send.run({ type: 'text', content: text }))) write('')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter also ends the choice of a Chinese word, which must not send.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    void submit()
  }
  return (
    <div className="oa-talk-composer">
      {mayNot ? <Alert type="warning" showIcon title={mayNot} /> : null}
      {shown.whyNot ? null : (
        <WindowLeft left={shown.left} isSubscribed={subscribed} readAt={readAt} onEnd={onEnd} />
      )}
      <div className="oa-talk-tools">
        <FileButton use="image" isShut={isShut} onSend={send.run} />
        <FileButton use="voice" isShut={isShut} onSend={send.run} />
        <Tooltip title={t('news')}>
          <Button
            type="text"
            icon={<ProfileOutlined />}
            aria-label={t('news')}
            disabled={isShut}
            onClick={() => setNews(true)}
          />
        </Tooltip>
        <QuickReplyPicker originalId={originalId} isShut={isShut} onPick={write} />
        <span className={bytes > bytesAtMost ? 'oa-talk-failed' : 'wisp-quiet'}>
          {t('bytes', { n: bytes, most: bytesAtMost })}
        </span>
      </div>
      <div className="oa-talk-say">
        <Input.TextArea
          aria-label={t('say')}
          placeholder={t('sayHint')}
          rows={3}
          value={text}
          disabled={isShut}
          onChange={event => write(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <Button type="primary" disabled={!isReady} loading={send.isRunning} onClick={() => void submit()}>
          {t('send')}
        </Button>
      </div>
      {isNews ? <NewsDialog onSend={send.run} onClose={() => setNews(false)} /> : null}
    </div>
  )
}

/** What is sent again after a failure of the network has the same id, so that it cannot go out twice. */
function useSend(originalId: string, openid: string): { run: SendMessage; isRunning: boolean } {
  const request = useRef({ message: '', id: '' })
  const act = useAct('/web/official/conversation/say', { refresh: ['/web/official/conversation'] })
  return {
    isRunning: act.isRunning,
    async run(message) {
      const written = JSON.stringify(message)
      if (request.current.message !== written) request.current = { message: written, id: newId() }
      const { id: requestId } = request.current
      const sent = await act.run({ originalId, openid, requestId, message })
      if (sent) request.current = { message: '', id: '' }
      return sent !== undefined
    },
  }
}

/** Browsers have randomUUID over https only. */
function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))]
    .map(byte => byte.toString(16).padStart(2, '0'))
    .join('')
}

function useTyping(originalId: string, openid: string, shown: ShownConversation): () => void {
  const last = useRef(0)
  return () => {
    const now = Date.now()
    const heard = shown.lines.findLast(line => line.isFromFollower)?.at
    if (now - last.current < typingEveryMs || !heard || now - Date.parse(heard) > typingWithinMs) return
    last.current = now
    // It is a courtesy, and nobody misses it.
    api.post('/web/official/conversation/typing', { originalId, openid }).catch(() => undefined)
  }
}

const accepted = { image: '.png,.jpg,.jpeg,.gif', voice: '.amr,.mp3' }

function FileButton(props: { use: 'image' | 'voice'; isShut: boolean; onSend: SendMessage }): ReactNode {
  const t = useText('official-conversations')
  const { use, isShut, onSend } = props
  const input = useRef<HTMLInputElement>(null)
  const upload = useAct('/web/files/upload')
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0]
    event.target.value = ''
    if (!file) return
    const stored = await upload.run({ use, content: await base64Of(file) })
    if (stored) await onSend({ type: use, hash: stored.hash })
  }
  return (
    <>
      <input
        ref={input}
        type="file"
        accept={accepted[use]}
        aria-label={t(use)}
        style={{ display: 'none' }}
        onChange={event => void choose(event)}
      />
      <Tooltip title={t(use)}>
        <Button
          type="text"
          icon={use === 'image' ? <PictureOutlined /> : <AudioOutlined />}
          aria-label={t(use)}
          disabled={isShut}
          loading={upload.isRunning}
          onClick={() => input.current?.click()}
        />
      </Tooltip>
    </>
  )
}

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
}
