import { type ReactNode, useId, useState } from 'react'
import { useFirstField } from '../../../ui/address/first-field.ts'
import { useAct } from '../../../ui/data/act.tsx'
import { type Answer, CallError } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { type Translator, useText } from '../../../ui/text.ts'
import type { Choices } from '../channels/channel-view.ts'
import { viewOf } from '../channels/channel-views.ts'
import { FileSourceProvider } from '../file-row.tsx'
import { bodyOf, type ComposeBody, filledForm, isBegun, missingOf, receiversIn } from './compose-body.ts'
import { ComposeFields } from './compose-fields.tsx'
import { type ComposeForm, emptyForm } from './compose-form.ts'
import { ComposePreviewPane, useChecked } from './compose-preview.tsx'
import { lostOf } from './forecast-view.tsx'
import { pictureOf } from './pictures.ts'
import { isPinComplete, PinFields, type PinForm, pinOf } from './pin-fields.tsx'
import type { Receiver } from './receiver.ts'
import { SendBar } from './send-bar.tsx'

type Forecast = NonNullable<Answer<'/web/messages/preview'>['forecast']>

/** Writes a message: the form, a preview as the receivers will see it, and a forecast before it is sent. */
export function Compose(props: { to?: Receiver; onSent: (msgId: string) => void }): ReactNode {
  const t = useText('messages')
  const choices = useRead('/web/messages/choices')
  const [form, setForm] = useState<ComposeForm>({ ...emptyForm, to: props.to ? [props.to] : [] })
  const [isAsked, setAsked] = useState(false)
  const [pin, setPin] = useState<PinForm>()
  const unsaved = useUnsaved()
  const id = useId()
  useFirstField(id, choices.data !== undefined && props.to === undefined)
  const changePin = (value: PinForm | undefined) => {
    unsaved.touch()
    setPin(value)
  }
  const change = (patch: Partial<ComposeForm>) => {
    unsaved.touch()
    setForm(before => ({ ...before, ...patch }))
  }
  const shown = choices.data && isBegun(form) ? shownBody(t, form, choices.data) : undefined
  const checked = useChecked(shown)
  const foresee = useAct('/web/messages/preview')
  const send = useAct('/web/messages/send', {
    refresh: ['/web/messages/list'],
    done: answer => t(`${answer.status}Done`),
  })
  if (choices.error && !choices.data)
    return <ErrorState error={choices.error} retry={() => void choices.refetch()} />
  if (!choices.data) return <Loading />
  const body = bodyOf(form, choices.data)
  const missing = missingOf(form, choices.data)
  const { canRecall = false, places } = choices.data.channels.find(one => one.name === form.channel) ?? {}
  const isAll = !places && form.to.some(one => one.kind === 'all')
  const own = viewOf(form.channel).compose
  const fields = { form, change, choices: choices.data, body, checked, isAsked, ask: () => setAsked(true) }
  const isDrawn = own?.hasDraft?.(form) === true
  return (
    <FileSourceProvider value={pictureOf}>
      <div className="wisp-compose" id={id}>
        <div>
          <ComposeFields {...fields} />
          <PinFields value={pin} onChange={changePin} said={form} />
          <SendBar
            key={JSON.stringify([body, pin])}
            missing={[
              ...missing.map(field => t(field)),
              ...(isPinComplete(pin, form) ? [] : [t('pinTitle')]),
            ]}
            isRunning={send.isRunning || foresee.isRunning}
            unsaved={unsaved}
            ask={async () => {
              // What is drawn says at its fields what is wrong.
              if (isDrawn && checked.error instanceof CallError) {
                fields.ask()
                return undefined
              }
              const expected = (await foresee.run({ ...body, forecast: '1' }))?.forecast
              return expected
                ? question(t, expected, { isAll, canRecall, isToPlaces: places !== undefined })
                : undefined
            }}
            send={async requestId => (await send.run({ ...body, ...pinOf(pin, form), requestId }))?.msgId}
            onSent={props.onSent}
          />
        </div>
        <ComposePreviewPane
          body={shown}
          checked={checked}
          foreseen={receiversIn(form, choices.data) > 0 ? shownBody(t, form, choices.data) : undefined}
          draft={
            own?.Draft && isDrawn ? <own.Draft form={form} checked={checked} isAsked={isAsked} /> : undefined
          }
        />
      </div>
    </FileSourceProvider>
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

function question(
  t: Translator<'messages'>,
  forecast: Forecast,
  { isAll, canRecall, isToPlaces }: { isAll: boolean; canRecall: boolean; isToPlaces: boolean },
) {
  const lost = lostOf(forecast)
  return {
    title: t(isToPlaces ? 'sendPlacesTitle' : isAll ? 'sendAllTitle' : 'sendTitle', { n: forecast.persons }),
    content: (
      <>
        {lost > 0 ? <p>{t('sendLost', { n: lost })}</p> : null}
        {canRecall ? null : <p>{t('sendOnce')}</p>}
      </>
    ),
  }
}
