import { SendOutlined } from '@ant-design/icons'
import { Alert, Button } from 'antd'
import { type ReactNode, useId, useMemo, useState } from 'react'
import { useFirstField } from '../../../ui/address/first-field.ts'
import { useOpen } from '../../../ui/address/url-drawer.tsx'
import { useAct, useConfirm } from '../../../ui/data/act.tsx'
import { type Answer, CallError } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { type UnsavedGuard, useUnsaved } from '../../../ui/data/unsaved.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { type Translator, useText } from '../../../ui/text.ts'
import type { Choices } from '../channels/channel-view.ts'
import { viewOf } from '../channels/channel-views.ts'
import { bodyOf, type ComposeBody, filledForm, isBegun, missingOf } from './compose-body.ts'
import { ComposeFields } from './compose-fields.tsx'
import { type ComposeForm, emptyForm, type MissingField } from './compose-form.ts'
import { ComposePreviewPane, useChecked } from './compose-preview.tsx'
import { lostOf } from './forecast-view.tsx'
import type { Receiver } from './receiver.ts'

type Forecast = NonNullable<Answer<'/web/messages/preview'>['forecast']>

/** Writes a message: the form, a preview as the receivers will see it, and a forecast before it is sent. */
export function Compose(props: { to?: Receiver; onSent: (msgId: string) => void }): ReactNode {
  const t = useText('messages')
  const choices = useRead('/web/messages/choices')
  const [form, setForm] = useState<ComposeForm>({ ...emptyForm, to: props.to ? [props.to] : [] })
  const [isAsked, setAsked] = useState(false)
  const unsaved = useUnsaved()
  const id = useId()
  useFirstField(id, choices.data !== undefined && props.to === undefined)
  const change = (patch: Partial<ComposeForm>) => {
    unsaved.touch()
    setForm(before => ({ ...before, ...patch }))
  }
  const shown = choices.data && isBegun(form) ? shownBody(t, form, choices.data) : undefined
  const checked = useChecked(shown)
  if (!choices.data) return <Loading />
  const body = bodyOf(form, choices.data)
  const missing = missingOf(form, choices.data)
  const channel = choices.data.channels.find(one => one.name === form.channel)
  const own = viewOf(form.channel).compose
  const fields = { form, change, choices: choices.data, body, checked, isAsked, ask: () => setAsked(true) }
  const isDrawn = own?.hasDraft?.(form) === true
  return (
    <>
      <Alert type="info" showIcon title={t('composeHint')} style={{ marginBottom: 16 }} />
      <div className="wisp-compose" id={id}>
        <div>
          <ComposeFields {...fields} />
          <SendBar
            key={JSON.stringify(body)}
            body={body}
            missing={missing}
            isAll={form.to.some(one => one.kind === 'all')}
            canRecall={channel?.canRecall ?? false}
            unsaved={unsaved}
            refused={isDrawn && checked.error instanceof CallError ? fields.ask : undefined}
            onSent={props.onSent}
          />
        </div>
        <ComposePreviewPane
          body={shown}
          checked={checked}
          foreseen={form.to.length > 0 ? shownBody(t, form, choices.data) : undefined}
          draft={
            own?.Draft && isDrawn ? <own.Draft form={form} checked={checked} isAsked={isAsked} /> : undefined
          }
        />
      </div>
    </>
  )
}

/** What can be previewed and foreseen although something is missing. */
function shownBody(t: Translator<'messages'>, form: ComposeForm, choices: Choices): ComposeBody | undefined {
  const filled = filledForm(form, choices, field =>
    // The name stands in brackets of its own: 【…】.
    field === 'agentName' ? t(field) : t('standIn', { field: t(field) }),
  )
  return filled && bodyOf(filled, choices)
}

/** The same with a first receiver, who is named by the userid. */
export function ComposeTo(props: { userId: string; onSent: (msgId: string) => void }): ReactNode {
  const { userId, onSent } = props
  const { data, error, refetch } = useRead('/web/directory/member', { userId })
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  return data ? (
    <Compose to={{ kind: 'member', id: userId, name: data.userName }} onSent={onSent} />
  ) : (
    <Loading />
  )
}

function SendBar(props: {
  body: ComposeBody
  missing: readonly MissingField[]
  isAll: boolean
  canRecall: boolean
  unsaved: UnsavedGuard
  /** Says at its fields what is wrong with a message that is drawn; undefined when nothing is. */
  refused: (() => void) | undefined
  onSent: (msgId: string) => void
}): ReactNode {
  const t = useText('messages')
  const { missing } = props
  const confirm = useConfirm()
  const compose = useOpen('compose')
  // One request id per text, so that pressing twice, or again after a lost answer, sends only one message.
  const requestId = useMemo(newId, [])
  const foresee = useAct('/web/messages/preview')
  const send = useAct('/web/messages/send', {
    refresh: ['/web/messages/list'],
    done: answer => t(`${answer.status}Done`),
  })
  const go = async () => {
    if (props.refused) return props.refused()
    const expected = (await foresee.run({ ...props.body, forecast: '1' }))?.forecast
    if (!expected || !(await confirm(question(t, expected, props)))) return
    const answer = await send.run({ ...props.body, requestId })
    if (!answer) return
    props.unsaved.clear()
    compose.close()
    props.onSent(answer.msgId)
  }
  return (
    <div className="wisp-send">
      <Button
        type="primary"
        icon={<SendOutlined aria-hidden />}
        disabled={missing.length > 0}
        loading={send.isRunning || foresee.isRunning}
        aria-describedby="compose-missing"
        onClick={() => void go()}
      >
        {t('send')}
      </Button>
      <div id="compose-missing" className="wisp-quiet" role="status" style={{ marginTop: 8 }}>
        {missing.length > 0
          ? t('stillMissing', { fields: missing.map(field => t(field)).join(t('listComma')) })
          : null}
      </div>
    </div>
  )
}

function question(
  t: Translator<'messages'>,
  forecast: Forecast,
  { isAll, canRecall }: { isAll: boolean; canRecall: boolean },
) {
  const lost = lostOf(forecast)
  return {
    title: t(isAll ? 'sendAllTitle' : 'sendTitle', { n: forecast.persons }),
    content: (
      <>
        {lost > 0 ? <p>{t('sendLost', { n: lost })}</p> : null}
        {canRecall ? null : <p>{t('sendOnce')}</p>}
      </>
    ),
    okText: t('send'),
  }
}

function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}
