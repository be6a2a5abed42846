import { Alert, Form, InputNumber, Select, Switch } from 'antd'
import type { ReactNode } from 'react'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { ObjectForm, useObjectForm } from '../../ui/forms/object-form.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import './system.css'
import { type SignInWay, WaysField } from './ways-field.tsx'

const path = '/web/console/sign-in-ways'
const savePath = '/web/console/sign-in-ways/save'
const smsChannel = '/console/messages/settings'

type WaysAnswer = Answer<typeof path>

/** How members may sign in, in which order, and what becomes of it while WeCom is away. */
export function Page(): ReactNode {
  const t = useText('system')
  const { data, error, refetch } = useRead(path)
  return (
    <>
      <PageTitle title={t('waysTitle')} hint={t('waysHint')} />
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : null}
      {!data && !error ? <Loading /> : null}
      {data ? (
        <div className="system-about">
          <Now {...data} />
          <Panel title={t('waysOfCorp')}>
            <WaysForm read={data} reread={refetch} />
          </Panel>
        </div>
      ) : null}
    </>
  )
}

/** What people see at this moment, where that differs from the settings. */
function Now({ isAway, othersFirst, ways }: WaysAnswer): ReactNode {
  const t = useText('system')
  if (!isAway) return null
  const words = t(ways.length === 1 ? 'awayAlone' : othersFirst ? 'awayOthersFirst' : 'awayAsSet')
  return <Alert type="warning" showIcon title={words} />
}

type Values = {
  ways: SignInWay[]
  smsTemplate: string | undefined
  othersFirst: boolean
  insideDays: number
  crowdNetworks: string[]
}

function WaysForm(props: { read: WaysAnswer; reread(): Promise<unknown> }): ReactNode {
  const t = useText('system')
  const { read, reread } = props
  const { ways, smsTemplate, othersFirst, insideDays, crowdNetworks, templates } = read
  const object = useObjectForm<Values, typeof savePath>(savePath, {
    shown: { ways, smsTemplate: smsTemplate || templates[0]?.id, othersFirst, insideDays, crowdNetworks },
    version: read.version,
    labels: {
      ways: t('waysOfCorp'),
      smsTemplate: t('smsTemplate'),
      othersFirst: t('othersFirst'),
      insideDays: t('insideDays'),
      crowdNetworks: t('crowdNetworks'),
    },
    fields: {
      named: {
        ways: 'ways',
        smsTemplate: 'smsTemplate',
        insideDays: 'insideDays',
        crowdNetworks: 'crowdNetworks',
      },
    },
    reread,
    done: t('waysSaved'),
    refresh: [path],
  })
  const save = (values: Values) =>
    object.run({
      version: object.version,
      ways: values.ways,
      ...(values.smsTemplate ? { smsTemplate: values.smsTemplate } : {}),
      othersFirst: values.othersFirst ? '1' : '0',
      insideDays: values.insideDays,
      crowdNetworks: values.crowdNetworks,
    })
  const hindrance = (way: SignInWay) => {
    if (way === 'passkey' && !read.hasPasskeyAddress) return t('wayPasskeyNoAddress')
    return way === 'sms' && templates.length === 0 ? t('noSmsTemplate') : ''
  }
  return (
    <ObjectForm object={object} name="sign-in-ways" save={values => void save(values)}>
      <Form.Item name="ways" label={t('waysOrder')}>
        <WaysField hindrance={hindrance} />
      </Form.Item>
      {templates.length === 0 ? (
        <p>
          <a href={smsChannel}>{t('toSmsChannel')}</a>
        </p>
      ) : (
        <Form.Item name="smsTemplate" label={t('smsTemplate')} extra={t('smsTemplateHelp')}>
          <Select
            options={templates.map(({ id, text }) => ({ value: id, label: text ? `${id}　${text}` : id }))}
          />
        </Form.Item>
      )}
      <Form.Item
        name="othersFirst"
        label={t('othersFirst')}
        valuePropName="checked"
        extra={t('othersFirstHelp')}
      >
        <Switch />
      </Form.Item>
      <Form.Item name="insideDays" label={t('insideDays')} extra={t('insideDaysHelp')}>
        <InputNumber min={0} max={30} precision={0} />
      </Form.Item>
      <Form.Item name="crowdNetworks" label={t('crowdNetworks')} extra={t('crowdNetworksHelp')}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', ' ', '、', '\n']} />
      </Form.Item>
    </ObjectForm>
  )
}
