import { Button, Form, Input, Switch } from 'antd'
import type { Dayjs } from 'dayjs'
import { type ReactNode, useState } from 'react'
import { DrawerForm } from '../../../ui/address/drawer-form.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useFormAct } from '../../../ui/data/form-act.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { useText } from '../../../ui/text.ts'
import { clockAt, clockNow, momentPicked } from '../../../ui/values/picked.ts'
import { AudienceField } from '../audience-field.tsx'
import { type Audience, audienceOf, visibilityOf } from '../form-values.ts'
import './announcements.css'
import { DatePicker } from '../../../ui/fields/dates.tsx'

type Values = {
  title: string
  content: string
  important: boolean
  audience: Audience
  from: Dayjs | null
  until: Dayjs
}

const fields = {
  named: {
    title: 'title',
    content: 'content',
    until: 'until',
    from: 'from',
    visibility: 'audience',
  },
}
const list = '/web/announcements/'

/** `announcement` is undefined for a new one. */
export function AnnouncementForm(props: {
  announcement: Answer<'/web/announcements/announcement'> | undefined
  onDone(): void
}): ReactNode {
  const t = useText('announcements')
  const apps = useText('apps')
  const { onDone } = props
  // Its version stays the one that the form was filled from, even when the page reads it again.
  const [one] = useState(props.announcement)
  const [form] = Form.useForm<Values>()
  const unsaved = useUnsaved()
  const options = { done: t(one ? 'saved' : 'published'), refresh: [list] }
  const add = useFormAct('/web/announcements/add', form, fields, options)
  const save = useFormAct('/web/announcements/save', form, fields, options)
  const submit = async (values: Values) => {
    const settings = settingsOf(values)
    const done = one
      ? await save.run({ ...settings, id: one.id, version: one.version })
      : await add.run(settings)
    if (!done) return
    unsaved.clear()
    onDone()
  }
  return (
    <DrawerForm<Values>
      form={form}
      name="announcement"
      submit={t(one ? 'save' : 'publish')}
      isRunning={add.isRunning || save.isRunning}
      more={one ? <Withdraw announcement={one} unsaved={unsaved} onDone={onDone} /> : null}
      initialValues={{
        title: one?.title ?? '',
        content: one?.content ?? '',
        important: one?.isImportant ?? false,
        audience: audienceOf(one?.visibility, name => apps('audienceGone', { name })),
        from: one ? clockAt(one.from) : null,
        until: one ? clockAt(one.until) : clockNow().add(7, 'day').endOf('day'),
      }}
      scrollToFirstError
      onValuesChange={unsaved.touch}
      onFinish={values => void submit(values)}
    >
      <Words />
      <Times />
      <Form.Item name="audience" label={t('audience')}>
        <AudienceField />
      </Form.Item>
    </DrawerForm>
  )
}

function settingsOf({ title, content, important, audience, from, until }: Values) {
  return {
    title,
    content,
    important: important ? ('1' as const) : ('0' as const),
    visibility: visibilityOf(audience),
    until: momentPicked(until),
    ...(from ? { from: momentPicked(from) } : {}),
  }
}

function Words(): ReactNode {
  const t = useText('announcements')
  return (
    <>
      <Form.Item
        name="title"
        label={t('heading')}
        rules={[{ required: true, whitespace: true, message: t('headingMissing') }]}
      >
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="content" label={t('content')} extra={t('contentHint')}>
        <Input.TextArea maxLength={2000} rows={6} />
      </Form.Item>
      <Form.Item name="important" label={t('important')} extra={t('importantHint')} valuePropName="checked">
        <Switch />
      </Form.Item>
    </>
  )
}

function Times(): ReactNode {
  const t = useText('announcements')
  const shared = {
    showTime: { format: 'HH:mm' },
    format: 'YYYY-MM-DD HH:mm',
    style: { width: '100%' },
    // Enter takes over what was typed here, and must not publish at once.
    onKeyDown: (event: { key: string; preventDefault(): void }) => {
      if (event.key === 'Enter') event.preventDefault()
    },
  }
  const inDays = (days: number) => clockNow().add(days, 'day').endOf('day')
  return (
    <div className="announcement-times">
      <Form.Item name="from" label={t('from')} extra={t('fromHint')}>
        <DatePicker {...shared} placeholder={t('atOnce')} />
      </Form.Item>
      <Form.Item
        name="until"
        label={t('until')}
        extra={t('untilHint')}
        rules={[{ required: true, message: t('untilMissing') }]}
      >
        <DatePicker
          {...shared}
          minDate={clockNow()}
          maxDate={clockNow().add(366, 'day')}
          presets={[1, 7, 30].map(days => ({ label: t('inDays', { n: days }), value: inDays(days) }))}
        />
      </Form.Item>
    </div>
  )
}

function Withdraw(props: {
  announcement: Answer<'/web/announcements/announcement'>
  unsaved: { clear(): void }
  onDone(): void
}): ReactNode {
  const t = useText('announcements')
  const { id, title } = props.announcement
  const act = useAct('/web/announcements/end', {
    done: t('withdrawnNow'),
    refresh: [list],
    confirm: () => ({
      title: t('withdrawAsk', { title }),
      content: t('withdrawWhat'),
      okText: t('withdraw'),
      danger: true,
    }),
  })
  return (
    <Button
      danger
      className="wisp-actions-more"
      loading={act.isRunning}
      onClick={async () => {
        if (!(await act.run({ id }))) return
        props.unsaved.clear()
        props.onDone()
      }}
    >
      {t('withdraw')}
    </Button>
  )
}
