import { Alert, Button, type FormInstance, Space } from 'antd'
import type { ReactNode } from 'react'
import type { LastTest } from '../../../../server/features/channels/settings/settings-calls.ts'
import { useAct } from '../../../ui/data/act.tsx'
import type { CallInput, PostPath } from '../../../ui/data/api.ts'
import { useErrorText } from '../../../ui/data/error-text.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { formatAgo } from '../../../ui/values/format.ts'
import { State } from '../../../ui/values/state.tsx'

/** The settings of one channel: its state in the heading, the form, and the result of the last test below. */
export function SettingsCard(props: { title: string; state?: ReactNode; children: ReactNode }): ReactNode {
  return (
    <Panel title={props.title} extra={props.state}>
      {props.children}
    </Panel>
  )
}

export function ChannelState(props: { isConfigured: boolean; test: LastTest | undefined }): ReactNode {
  const t = useText('messages')
  const { isConfigured, test } = props
  if (!isConfigured) return <State kind="idle">{t('notConfigured')}</State>
  if (!test) return <State kind="warn">{t('untested')}</State>
  if (!test.isCurrent) return <State kind="warn">{t('changedSince')}</State>
  const when = formatAgo(test.at)
  return test.ok ? (
    <State kind="good">{t('testedOk', { when })}</State>
  ) : (
    <State kind="bad">{t('testedBad', { when })}</State>
  )
}

/**
 * Saves a form of settings. A refusal by the server is shown below the form until the next attempt. Call
 * `touch` on every change, so that the page warns before it is left.
 */
export function useSave<P extends PostPath>(path: P) {
  const t = useText('common')
  const textOf = useErrorText()
  const act = useAct(path, {
    done: t('saved'),
    refresh: ['/web/messages/'],
    isQuiet: true,
  })
  const unsaved = useUnsaved()
  const run = async (input: CallInput<P>) => {
    const saved = await act.run(input)
    if (saved) unsaved.clear()
    return saved
  }
  const problem = act.error ? (
    <Alert type="error" showIcon role="alert" title={textOf(act.error)} style={{ marginBottom: 16 }} />
  ) : null
  return { ...act, run, touch: unsaved.touch, problem }
}

export function SaveBar(props: { form: FormInstance; isRunning: boolean; children?: ReactNode }): ReactNode {
  const t = useText('common')
  return (
    <Space wrap>
      <Button type="primary" loading={props.isRunning} onClick={() => props.form.submit()}>
        {t('save')}
      </Button>
      {props.children}
    </Space>
  )
}
