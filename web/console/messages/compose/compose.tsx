import { SendOutlined } from '@ant-design/icons'
import { Alert, Button, Space } from 'antd'
import { type ReactNode, useMemo, useState } from 'react'
import { useOpen } from '../../../ui/address/url-drawer.tsx'
import { useAct, useConfirm } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { type Unsaved, useUnsaved } from '../../../ui/data/unsaved.ts'
import { Loading } from '../../../ui/feedback.tsx'
import { type Translate, useText } from '../../../ui/text.ts'
import { bodyOf, type ComposeBody, isPreviewable } from './compose-body.ts'
import { ComposeFields } from './compose-fields.tsx'
import { type ComposeForm, emptyForm, hasReceivers } from './compose-form.ts'
import { ComposePreviewPane } from './compose-preview.tsx'
import { ForecastView, lostOf } from './forecast-view.tsx'

type Forecast = NonNullable<Answer<'/web/messages/preview'>['forecast']>

/** Writes a message: the form, a preview as the receivers will see it, and a forecast before it is sent. */
export function Compose(props: { onSent: (msgId: string) => void }): ReactNode {
  const t = useText('messages')
  const choices = useRead('/web/messages/choices')
  const [form, setForm] = useState<ComposeForm>(emptyForm)
  const unsaved = useUnsaved()
  const change = (patch: Partial<ComposeForm>) => {
    unsaved.touch()
    setForm(before => ({ ...before, ...patch }))
  }
  if (!choices.data) return <Loading />
  const body = bodyOf(form, choices.data)
  const isComplete = isPreviewable(form, choices.data)
  return (
    <>
      <Alert type="info" showIcon title={t('composeHint')} style={{ marginBottom: 16 }} />
      <div className="wisp-compose">
        <div>
          <ComposeFields form={form} change={change} choices={choices.data} />
          <SendBar
            key={JSON.stringify(body)}
            body={body}
            isReady={isComplete && hasReceivers(form)}
            isAll={form.isAll}
            unsaved={unsaved}
            onSent={props.onSent}
          />
        </div>
        <ComposePreviewPane body={isComplete ? body : undefined} />
      </div>
    </>
  )
}

function SendBar(props: {
  body: ComposeBody
  isReady: boolean
  isAll: boolean
  unsaved: Unsaved
  onSent: (msgId: string) => void
}): ReactNode {
  const t = useText('messages')
  const confirm = useConfirm()
  const compose = useOpen('compose')
  // One request id per text, so that pressing twice, or again after a lost answer, sends only one message.
  const requestId = useMemo(newId, [])
  const foresee = useAct('/web/messages/preview')
  const send = useAct('/web/messages/send', {
    refresh: ['/web/messages/list'],
    done: answer => t(`${answer.status}Done`),
  })
  const [forecast, setForecast] = useState<Forecast>()
  const ask = async () => {
    const answer = await foresee.run({ ...props.body, forecast: '1' })
    if (answer?.forecast) setForecast(answer.forecast)
    return answer?.forecast ?? undefined
  }
  const go = async () => {
    const expected = await ask()
    if (!expected || !(await confirm(question(t, expected, props.isAll)))) return
    const answer = await send.run({ ...props.body, requestId })
    if (!answer) return
    props.unsaved.clear()
    compose.close()
    props.onSent(answer.msgId)
  }
  return (
    <Space orientation="vertical" style={{ width: '100%' }}>
      <Space wrap>
        <Button
          type="primary"
          icon={<SendOutlined aria-hidden />}
          disabled={!props.isReady}
          loading={send.isRunning}
          onClick={() => void go()}
        >
          {t('send')}
        </Button>
        <Button disabled={!props.isReady} loading={foresee.isRunning} onClick={() => void ask()}>
          {t('forecastButton')}
        </Button>
      </Space>
      {forecast ? <ForecastView forecast={forecast} /> : null}
    </Space>
  )
}

function question(t: Translate<'messages'>, forecast: Forecast, isAll: boolean) {
  const lost = lostOf(forecast)
  return {
    title: t(isAll ? 'sendAllTitle' : 'sendTitle', { n: forecast.persons }),
    content: (
      <>
        {lost > 0 ? <p>{t('sendLost', { n: lost })}</p> : null}
        <p>{t('sendOnce')}</p>
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
