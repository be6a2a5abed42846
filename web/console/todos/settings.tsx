import { Checkbox, Form, Input, Select, Switch } from 'antd'
import type { ReactNode } from 'react'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { ObjectForm, useObjectForm } from '../../ui/forms/object-form.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { Panel } from '../../ui/panel.tsx'
import { useText } from '../../ui/text.ts'
import { timeZones } from '../../ui/values/time-zones.ts'
import './todos.css'

const path = '/web/console/todos/quiet-hours'
const cardsPath = '/web/console/todos/cards'
type QuietAnswer = Answer<typeof path>
type Values = Pick<QuietAnswer, 'isOn' | 'days' | 'from' | 'to' | 'timeZone'>
const weekdays = [1, 2, 3, 4, 5, 6, 7] as const

/** When nobody is reminded, and how people are told. */
export function Page(): ReactNode {
  const t = useText('todo-console')
  const read = useRead(path)
  const cards = useRead(cardsPath)
  const error = read.error ?? cards.error
  return (
    <>
      <PageTitle title={t('settings')} hint={t('settingsHint')} />
      {error && !(read.data && cards.data) ? (
        <ErrorState error={error} retry={() => void Promise.all([read.refetch(), cards.refetch()])} />
      ) : read.data && cards.data ? (
        <>
          <QuietHours quiet={read.data} reread={() => read.refetch()} />
          <Cards cards={cards.data} reread={() => cards.refetch()} />
        </>
      ) : (
        <Loading />
      )}
    </>
  )
}

function QuietHours({ quiet, reread }: { quiet: QuietAnswer; reread(): Promise<unknown> }): ReactNode {
  const t = useText('todo-console')
  const { version, isOn, days, from, to, timeZone } = quiet
  const object = useObjectForm<Values, '/web/console/todos/quiet-hours/save'>(
    '/web/console/todos/quiet-hours/save',
    {
      shown: { isOn, days, from, to, timeZone },
      version,
      labels: {
        isOn: t('quietHours'),
        days: t('quietDays'),
        from: t('quietFrom'),
        to: t('quietTo'),
        timeZone: t('timeZone'),
      },
      fields: {
        named: {
          'quietHours.days': 'days',
          'quietHours.from': 'from',
          'quietHours.to': 'to',
          quietHours: 'to',
          timeZone: 'timeZone',
        },
      },
      reread,
      done: t('saved'),
      refresh: [path],
    },
  )
  const save = (values: Values) => {
    const { days, from, to, timeZone } = values
    void object.run({ version: object.version, ...(values.isOn ? { days, from, to, timeZone } : {}) })
  }
  const on = Form.useWatch('isOn', object.form) ?? isOn
  return (
    <Panel title={t('quietHours')} className="todos-section">
      <ObjectForm object={object} save={save} name="quiet">
        <Form.Item name="isOn" label={t('quietOn')} extra={t('quietHint')} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Form.Item
          name="days"
          label={t('quietDays')}
          extra={t('quietDaysHint')}
          hidden={!on}
          rules={[{ required: true, message: t('quietDaysNeeded') }]}
        >
          <Checkbox.Group options={weekdays.map(value => ({ value, label: t(`quietDay_${value}`) }))} />
        </Form.Item>
        <div className="todos-quiet" hidden={!on}>
          <TimeField name="from" label={t('quietFrom')} />
          <TimeField name="to" label={t('quietTo')} />
          <Form.Item name="timeZone" label={t('timeZone')}>
            <Select showSearch options={timeZones(timeZone).map(value => ({ value, label: value }))} />
          </Form.Item>
        </div>
      </ObjectForm>
    </Panel>
  )
}

type CardSettings = Answer<typeof cardsPath>

function Cards({ cards, reread }: { cards: CardSettings; reread(): Promise<unknown> }): ReactNode {
  const t = useText('todo-console')
  const { version, inWechat } = cards
  const object = useObjectForm<{ inWechat: boolean }, '/web/console/todos/cards/save'>(
    '/web/console/todos/cards/save',
    {
      shown: { inWechat },
      version,
      labels: { inWechat: t('inWechat') },
      fields: { named: {}, otherwise: 'inWechat' },
      reread,
      done: t('saved'),
      refresh: [cardsPath],
    },
  )
  const save = (values: { inWechat: boolean }) =>
    void object.run({ version: object.version, inWechat: values.inWechat ? '1' : '0' })
  return (
    <Panel title={t('todoCards')}>
      <ObjectForm object={object} save={save} name="cards">
        <Form.Item name="inWechat" label={t('inWechat')} extra={t('inWechatHint')} valuePropName="checked">
          <Switch />
        </Form.Item>
      </ObjectForm>
    </Panel>
  )
}

function TimeField(props: { name: string; label: string }): ReactNode {
  const t = useText('todo-console')
  return (
    <Form.Item
      name={props.name}
      label={props.label}
      rules={[{ pattern: /^\d{1,2}:\d{2}$/, required: true, message: t('timeWrong') }]}
    >
      <Input type="time" />
    </Form.Item>
  )
}
