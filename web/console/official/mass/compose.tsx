import { SendOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Alert, AutoComplete, Button } from 'antd'
import { type ReactNode, useMemo, useState } from 'react'
import { DrawerActions } from '../../../ui/address/drawer.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import { type Answer, api, type CallInput } from '../../../ui/data/api.ts'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useSettled } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import { formatTime } from '../../../ui/values/format.ts'
import type { Account } from '../use-account.tsx'
import { MassFields } from './fields.tsx'
import { audienceOf, contentOf, emptyForm, type MassForm } from './form.ts'
import { MassPhone } from './phone.tsx'

/** Writes a mass message: the form, beside it what a phone shows and what will happen. `draft` is chosen to begin with. */
export function MassCompose(props: {
  account: Account
  draft?: string
  onSent(id: string): void
}): ReactNode {
  const { account } = props
  const [form, setForm] = useState<MassForm>(() =>
    props.draft ? { ...emptyForm, type: 'news', draft: props.draft } : emptyForm,
  )
  const unsaved = useUnsaved()
  const choices = useRead('/web/official/mass/choices', { originalId: account.originalId })
  const drafts = useRead(
    '/web/official/drafts',
    { originalId: account.originalId, pageSize: 100 },
    { enabled: form.type === 'news' },
  )
  if (choices.error && !choices.data)
    return <ErrorState error={choices.error} retry={() => void choices.refetch()} />
  if (!choices.data) return <Loading />
  const change = (patch: Partial<MassForm>) => {
    unsaved.touch()
    setForm(before => ({ ...before, ...patch }))
  }
  const { type, text } = form
  const titles = drafts.data?.list.find(one => one.mediaId === form.draft)?.titles ?? []
  const hashes = type === 'image' ? form.images : form.voice
  return (
    <div className="oa-mass-compose">
      <MassFields
        account={account}
        form={form}
        choices={choices.data}
        drafts={drafts.data?.list}
        change={change}
      />
      <div className="oa-mass-side">
        <MassPhone account={account.name} type={type} text={text} hashes={hashes} titles={titles} />
        <PreviewTo account={account} form={form} followers={choices.data.followers} />
        <SendPart
          account={account}
          form={form}
          onSent={id => {
            unsaved.clear()
            props.onSent(id)
          }}
        />
      </div>
    </div>
  )
}

function PreviewTo(props: {
  account: Account
  form: MassForm
  followers: Answer<'/web/official/mass/choices'>['followers']
}): ReactNode {
  const t = useText('official-mass')
  const [openid, setOpenid] = useState('')
  const preview = useAct('/web/official/mass/preview', { done: t('previewed') })
  const content = contentOf(props.form)
  const { originalId } = props.account
  return (
    <div className="oa-mass-preview">
      <AutoComplete
        aria-label={t('previewTo')}
        placeholder={t('previewTo')}
        style={{ flex: '1 1 180px', minWidth: 0 }}
        value={openid}
        options={props.followers.map(one => ({
          value: one.openid,
          label: one.name ? `${one.name} · ${one.openid}` : one.openid,
        }))}
        onChange={setOpenid}
      />
      <Button
        disabled={!content || openid.trim() === ''}
        loading={preview.isRunning}
        onClick={() => content && void preview.run({ originalId, openid: openid.trim(), ...content })}
      >
        {t('preview')}
      </Button>
    </div>
  )
}

type Audience = CallInput<'/web/official/mass/forecast'>
type Forecast = Answer<'/web/official/mass/forecast'>

function SendPart(props: { account: Account; form: MassForm; onSent(id: string): void }): ReactNode {
  const t = useText('official-mass')
  const textOf = useErrorText()
  const { account, form } = props
  const { originalId } = account
  const audience = audienceOf(form)
  const content = contentOf(form)
  const wanted = useSettled(JSON.stringify(audience ? { originalId, ...audience } : null), 400)
  const read = useQuery({
    queryKey: ['/web/official/mass/forecast', wanted],
    queryFn: () => api.post('/web/official/mass/forecast', JSON.parse(wanted) as Audience),
    enabled: wanted !== 'null',
    retry: false,
  })
  const body = JSON.stringify([audience, content, form.sendAt])
  // The same text asks under the same id, so that pressing twice sends once.
  const requestId = useMemo(() => newId(body.length), [body])
  const forecast = wanted === 'null' ? undefined : read.data
  const send = useAct('/web/official/mass/create', {
    refresh: ['/web/official/mass'],
    done: ({ state }) => t(state === 'approval' ? 'sentToApproval' : form.sendAt ? 'scheduled' : 'accepted'),
    confirm: () => ({
      title: t('sendAsk', { n: forecast?.receivers ?? 0 }),
      content: <Notes notes={[...(forecast?.notes ?? []), t('sendOnce')]} />,
      okText: t('send'),
    }),
  })
  const go = async () => {
    if (!audience || !content) return
    const { sendAt } = form
    const answer = await send.run({ originalId, requestId, ...audience, ...content, sendAt: sendAt ?? '' })
    if (answer) props.onSent(answer.id)
  }
  return (
    <>
      {wanted !== 'null' && read.error ? (
        <Alert type="warning" showIcon role="status" title={textOf(read.error)} />
      ) : null}
      {forecast && !read.error ? <ForecastView forecast={forecast} sendAt={form.sendAt} /> : null}
      <DrawerActions>
        <Button
          type="primary"
          icon={<SendOutlined aria-hidden />}
          disabled={!audience || !content || !forecast || read.error !== null}
          loading={send.isRunning}
          onClick={() => void go()}
        >
          {t(forecast?.needsApproval ? 'submit' : form.sendAt ? 'schedule' : 'send')}
        </Button>
      </DrawerActions>
    </>
  )
}

function ForecastView({ forecast, sendAt }: { forecast: Forecast; sendAt: string | undefined }): ReactNode {
  const t = useText('official-mass')
  const isUsedUp = forecast.limits.some(one => one.used >= one.most)
  return (
    <Alert
      type={isUsedUp ? 'warning' : 'info'}
      showIcon
      role="status"
      title={t('forecast', { n: forecast.receivers })}
      description={
        <>
          {sendAt ? <div>{t('forecastAt', { at: formatTime(sendAt) })}</div> : null}
          {forecast.calls > 1 ? <div>{t('forecastCalls', { n: forecast.calls })}</div> : null}
          {forecast.notLinked > 0 ? <div>{t('forecastNotLinked', { n: forecast.notLinked })}</div> : null}
          {forecast.limits.map(one => (
            <div key={one.what}>{t('limit', { what: one.what, used: one.used, most: one.most })}</div>
          ))}
          {forecast.needsApproval ? <div>{t('forecastApproval')}</div> : null}
          <Notes notes={forecast.notes} />
        </>
      }
    />
  )
}

function Notes({ notes }: { notes: readonly string[] }): ReactNode {
  if (notes.length === 0) return null
  return (
    <ul className="oa-mass-notes">
      {notes.map(note => (
        <li key={note}>{note}</li>
      ))}
    </ul>
  )
}

/** `crypto.randomUUID` is missing where the console is opened without TLS. */
function newId(length: number): string {
  const random = crypto.getRandomValues(new Uint8Array(16))
  return [length, ...random].join('.').slice(0, 64)
}
