import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Descriptions, Form, Input } from 'antd'
import { type ReactNode, useMemo, useState } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import { api, type CallInput } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading, NotFound } from '../../../ui/feedback.tsx'
import { useSettled } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import { CopyButton, CopyId } from '../../../ui/values/copy.tsx'
import { TemplateCard } from '../../messages/channels/official/template-card.tsx'
import { type Account, whyNot } from '../use-account.tsx'
import { Blocked } from './blocked.tsx'
import { path, Results, type Template } from './results.tsx'
import './templates.css'

/** A template: what it holds, a test with its preview, who agreed, and what was held back. */
export function TemplateView(props: { account: Account; id: string; onGone(): void }): ReactNode {
  const { account, id } = props
  const { originalId } = account
  const read = useRead(path, { originalId, pageSize: 200 })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading />
  const template = read.data.list.find(one => one.id === id)
  if (!template) return <NotFound />
  const ability = template.kind === 'template' ? 'template' : 'subscriptionNotice'
  const why = whyNot(account, ability)
  return (
    <>
      <About template={template} />
      {why ? <Alert type="info" showIcon title={why} /> : <Test account={account} template={template} />}
      {template.kind === 'template' && !why ? <Blocked originalId={originalId} templateId={id} /> : null}
      <Remove originalId={originalId} template={template} onGone={props.onGone} />
    </>
  )
}

function About({ template }: { template: Template }): ReactNode {
  const t = useText('official-templates')
  const { kind, isLongTerm, subscribeUrl } = template
  return (
    <Descriptions
      column={1}
      size="small"
      title={<h2 className="oa-template-heading">{template.title}</h2>}
      items={[
        { key: 'kind', label: t('kind'), children: `${t(kind)}${isLongTerm ? ` · ${t('longTerm')}` : ''}` },
        { key: 'id', label: t('id'), children: <CopyId value={template.id} /> },
        { key: 'results', label: t('results'), children: <div>{<Results template={template} />}</div> },
        ...(subscribeUrl
          ? [
              {
                key: 'page',
                label: t('subscribeLink'),
                children: (
                  <div style={{ overflowWrap: 'anywhere' }}>
                    {subscribeUrl} <CopyButton value={subscribeUrl} />
                    <div className="wisp-quiet">{t('subscribeHint')}</div>
                  </div>
                ),
              },
            ]
          : []),
      ]}
    />
  )
}

/** What the example of the template says, field by field. */
function examplesOf({ fields, example }: Template): Record<string, string> {
  const lines = example.split('\n').map(line => /^(.*?)[：:](.*)$/.exec(line))
  return Object.fromEntries(
    fields.map(({ name, label }) => [name, lines.find(line => line?.[1] === label)?.[2] ?? '']),
  )
}

function Test({ account, template }: { account: Account; template: Template }): ReactNode {
  const t = useText('official-templates')
  const { originalId } = account
  const [values, setValues] = useState(() => examplesOf(template))
  const [openid, setOpenid] = useState('')
  const [url, setUrl] = useState('')
  const send = useAct('/web/official/templates/test', {
    done: ({ state }) => t(state),
    refresh: ['/web/official/templates'],
  })
  const id = (name: string) => `template-${name}`
  return (
    <section aria-label={t('test')}>
      <h3 className="oa-template-heading">{t('test')}</h3>
      <div className="wisp-compose">
        <Form layout="vertical" component="div">
          {template.fields.map(({ name, label, type, isDropped }) => (
            <Form.Item
              key={name}
              htmlFor={id(name)}
              label={`${label || name}${type ? `（${name}）` : ''}`}
              {...(isDropped ? { extra: t('dropped') } : {})}
            >
              <Input.TextArea
                id={id(name)}
                rows={2}
                maxLength={1000}
                value={values[name] ?? ''}
                onChange={event => setValues({ ...values, [name]: event.target.value })}
              />
            </Form.Item>
          ))}
          <Form.Item label={t('url')} htmlFor={id('url')}>
            <Input
              id={id('url')}
              maxLength={2048}
              value={url}
              onChange={event => setUrl(event.target.value)}
            />
          </Form.Item>
          <Form.Item label={t('openid')} htmlFor={id('openid')} required>
            <Input
              id={id('openid')}
              maxLength={64}
              value={openid}
              onChange={event => setOpenid(event.target.value.trim())}
            />
          </Form.Item>
          <Button
            type="primary"
            disabled={!openid}
            loading={send.isRunning}
            onClick={() =>
              void send.run({ originalId, templateId: template.id, kind: template.kind, openid, values, url })
            }
          >
            {t('send')}
          </Button>
        </Form>
        <Preview account={account} template={template} values={values} url={url} />
      </div>
    </section>
  )
}

function Preview(props: {
  account: Account
  template: Template
  values: Record<string, string>
  url: string
}): ReactNode {
  const t = useText('official-templates')
  const { account, template, values } = props
  const wanted = useSettled(
    JSON.stringify({ originalId: account.originalId, templateId: template.id, values }),
    300,
  )
  const body = useMemo(() => JSON.parse(wanted) as CallInput<'/web/official/templates/preview'>, [wanted])
  const { data, error, refetch } = useQuery({
    queryKey: ['/web/official/templates/preview', wanted],
    queryFn: () => api.post('/web/official/templates/preview', body),
    placeholderData: before => before,
    retry: false,
  })
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  const losses = data.rows
    .filter(row => row.loses.length > 0)
    .map(row => `${row.label || row.name}（${row.loses.map(loss => t(`loses_${loss}`)).join('、')}）`)
  return (
    <section aria-label={t('preview')} aria-live="polite">
      <div className="wisp-quiet" style={{ marginBottom: 8 }}>
        {t('preview')}
      </div>
      <TemplateCard
        account={account.name}
        title={data.title}
        rows={data.rows.filter(row => row.value || !row.loses.includes('line')).filter(row => row.label)}
        link={props.url}
      />
      {data.fault ? (
        <Alert type="error" showIcon title={data.fault} style={{ marginTop: 12 }} />
      ) : losses.length > 0 ? (
        <Alert
          type="warning"
          showIcon
          title={t('cuts', { what: losses.join('、') })}
          style={{ marginTop: 12 }}
        />
      ) : null}
    </section>
  )
}

function Remove(props: { originalId: string; template: Template; onGone(): void }): ReactNode {
  const t = useText('official-templates')
  const { originalId, template } = props
  const remove = useAct('/web/official/templates/remove', {
    done: t('removed'),
    refresh: [path],
    confirm: () => ({
      title: t('removeAsk', { title: template.title }),
      content: t('removeWhat'),
      okText: t('remove'),
      danger: true,
    }),
  })
  return (
    <Button
      danger
      style={{ marginTop: 24 }}
      loading={remove.isRunning}
      onClick={async () => {
        if (await remove.run({ originalId, templateId: template.id })) props.onGone()
      }}
    >
      {t('remove')}
    </Button>
  )
}
