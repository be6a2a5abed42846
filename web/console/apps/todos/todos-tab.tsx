import { Alert, Form, Select, Switch } from 'antd'
import type { ReactNode } from 'react'
import { PageLink } from '../../../ui/address/page-link.tsx'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { ObjectForm, useObjectForm } from '../../../ui/forms/object-form.tsx'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { useMinuteWords } from '../../todos/minute-words.ts'
import {
  escalateChoices,
  fieldsOfTodoSettings,
  remindChoices,
  settingsOf,
  type TodoSettings,
  type TodoSettingsValues,
  valuesOf,
} from './form-values.ts'

/** Reminders and cards of an app's to-dos, whether they are passed on, and WeCom's workbench. */
export function TodosTab({ id }: { id: string }): ReactNode {
  const read = useRead('/web/apps/todos', { id })
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={400} />
  return <Known key={id} settings={read.data} reread={() => read.refetch()} />
}

function Known({ settings, reread }: { settings: TodoSettings; reread(): Promise<unknown> }): ReactNode {
  const t = useText('todo-console')
  const words = useMinuteWords()
  const object = useObjectForm<TodoSettingsValues, '/web/apps/todos/save'>('/web/apps/todos/save', {
    shown: valuesOf(settings),
    version: settings.version,
    labels: {
      remindMinutes: { label: t('reminders'), tell: all => all.map(words.moment).join('、') },
      escalateMinutes: {
        label: t('escalation'),
        tell: one => (one === null ? t('never') : words.length(one)),
      },
      mayPassOn: t('mayPassOn'),
      inWecom: t('inWecom'),
      notify: t('notify'),
    },
    fields: fieldsOfTodoSettings,
    reread,
    done: t('saved'),
    refresh: ['/web/apps/todos', '/web/console/todos'],
  })
  const save = (values: TodoSettingsValues) =>
    void object.run({ id: settings.appId, version: object.version, settings: settingsOf(values) })
  return (
    <Panel>
      <ObjectForm object={object} save={save} name="todos">
        <Form.Item name="remindMinutes" label={t('reminders')} extra={t('remindersHint')}>
          <Select
            mode="multiple"
            maxCount={6}
            placeholder={t('noReminders')}
            options={optionsOf(remindChoices, settings.remindMinutes, words.moment)}
            showSearch={{ optionFilterProp: 'label' }}
          />
        </Form.Item>
        <Form.Item name="escalateMinutes" label={t('escalation')} extra={t('escalationHint')}>
          <Select
            allowClear
            placeholder={t('never')}
            options={optionsOf(escalateChoices, [settings.escalateMinutes ?? []].flat(), words.overdue)}
          />
        </Form.Item>
        <Form.Item name="notify" label={t('notify')} extra={t('notifyHint')} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Form.Item name="mayPassOn" label={t('mayPassOn')} extra={t('mayPassOnHint')} valuePropName="checked">
          <Switch />
        </Form.Item>
        <Form.Item
          name="inWecom"
          label={t('inWecom')}
          extra={t(settings.hasAgent ? 'inWecomHint' : 'inWecomNoAgent')}
          valuePropName="checked"
        >
          <Switch disabled={!settings.hasAgent && !settings.inWecom} />
        </Form.Item>
        <Wecom settings={settings} />
      </ObjectForm>
      <p className="wisp-quiet">
        <PageLink to="/console/todos/settings">{t('toQuietHours')}</PageLink>
      </p>
    </Panel>
  )
}

/** Those that people usually want, and what is set. */
function optionsOf(usual: readonly number[], set: readonly number[], words: (minutes: number) => string) {
  return [...new Set([...usual, ...set])]
    .sort((one, other) => one - other)
    .map(value => ({ value, label: words(value) }))
}

function Wecom({ settings: { wecom } }: { settings: TodoSettings }): ReactNode {
  const t = useText('todo-console')
  if (wecom.state === 'off') return null
  if (wecom.state === 'refused')
    return (
      <Alert
        type="warning"
        showIcon
        title={t('wecomRefused')}
        description={wecom.failure}
        className="todos-note"
      />
    )
  const isShown = wecom.state === 'shown'
  return (
    <p>
      <State kind={isShown ? 'good' : 'busy'}>{t(isShown ? 'wecomShown' : 'wecomWaiting')}</State>
    </p>
  )
}
