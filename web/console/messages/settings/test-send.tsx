import { SendOutlined } from '@ant-design/icons'
import { Alert, Button, Form, Input, Modal, Segmented } from 'antd'
import { type ReactNode, useState } from 'react'
import { PageLink } from '../../../ui/address/page-link.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer, CallInput } from '../../../ui/data/api.ts'
import { MemberPicker, type PickedMember } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import { formatDuration } from '../../../ui/values/format.ts'
import type { TestInputs } from '../channels/channel-view.ts'
import { viewOf } from '../channels/channel-views.ts'
import { useChannel } from '../words.tsx'

type SettingsInput = CallInput<'/web/messages/test'>['settings']

/**
 * Sends a test from a channel's form to a member or an address, and shows the vendor's real answer. `settingsToTest`
 * gives what the form holds and is not saved, after its fields were checked; undefined when the saved settings are meant.
 */
export function TestSend(props: {
  channel: string
  place?: number
  settingsToTest: () => Promise<SettingsInput>
}): ReactNode {
  const t = useText('messages')
  const common = useText('common')
  const [isOpen, setOpen] = useState(false)
  const [settings, setSettings] = useState<SettingsInput>()
  const channel = useChannel(props.channel)
  const open = async () => {
    try {
      setSettings(await props.settingsToTest())
      setOpen(true)
    } catch {
      // The form shows at its fields what is missing.
    }
  }
  return (
    <>
      <Button icon={<SendOutlined aria-hidden />} onClick={() => void open()}>
        {t('test')}
      </Button>
      <Modal
        title={`${t('test')} · ${channel?.label ?? ''}`}
        open={isOpen}
        footer={null}
        destroyOnHidden
        closable={{ 'aria-label': common('close') }}
        onCancel={() => setOpen(false)}
      >
        {settings ? (
          <Alert type="info" showIcon title={t('testUnsaved')} style={{ marginBottom: 16 }} />
        ) : null}
        <TestForm channel={props.channel} settings={settings} place={props.place} />
      </Modal>
    </>
  )
}

type TestInput = {
  way: 'member' | 'address'
  members: PickedMember[]
  address: string
  inputs: TestInputs
}

/** Without `settings` the test is of the saved ones. */
export function TestForm(props: {
  channel: string
  settings?: SettingsInput
  place?: number | undefined
}): ReactNode {
  const t = useText('messages')
  const address = useChannel(props.channel)?.address ?? ''
  const own = viewOf(props.channel).test
  const [given, setGiven] = useState<TestInput>({
    way: 'member',
    members: [],
    address: '',
    inputs: { templateId: '', params: [] },
  })
  const change = (patch: Partial<TestInput>) => setGiven(before => ({ ...before, ...patch }))
  const [answer, setAnswer] = useState<Answer<'/web/messages/test'>>()
  const test = useAct('/web/messages/test', { refresh: ['/web/messages/', '/web/start'] })
  const isAddress = given.way === 'address'
  const run = async () => {
    setAnswer(undefined)
    const to = isAddress ? { address: given.address.trim() } : { userId: given.members[0]?.userId }
    const channel = props.channel as CallInput<'/web/messages/test'>['channel']
    const { settings, place = 1 } = props
    setAnswer(
      await test.run({
        channel,
        ...to,
        ...(own ? given.inputs : {}),
        ...(settings ? { settings, place } : {}),
      }),
    )
  }
  const isReady = isAddress ? given.address.trim() !== '' : given.members.length > 0
  return (
    <Form layout="vertical" component="div">
      <Form.Item label={t('testTo')} htmlFor="test-to">
        {address === '' ? null : (
          <Segmented<TestInput['way']>
            style={{ marginBottom: 8 }}
            value={given.way}
            options={[
              { value: 'member', label: t('testMember') },
              { value: 'address', label: address },
            ]}
            onChange={way => change({ way })}
          />
        )}
        {isAddress ? (
          <Input
            id="test-to"
            maxLength={320}
            value={given.address}
            onChange={event => change({ address: event.target.value })}
          />
        ) : (
          <MemberPicker id="test-to" single value={given.members} onChange={members => change({ members })} />
        )}
      </Form.Item>
      {own ? <own.Fields inputs={given.inputs} change={inputs => change({ inputs })} /> : null}
      <Button
        type="primary"
        loading={test.isRunning}
        disabled={!isReady || own?.isComplete(given.inputs) === false}
        onClick={() => void run()}
      >
        {t('test')}
      </Button>
      {answer ? <VendorAnswer answer={answer} /> : null}
    </Form>
  )
}

function VendorAnswer(props: { answer: Answer<'/web/messages/test'> }): ReactNode {
  const t = useText('messages')
  const { ok, status, answers, advice, msgId, ms } = props.answer
  const words = {
    sent: t('testOk', { took: formatDuration(ms) }),
    failed: t('testBad'),
    cancelled: t('testBad'),
    unknown: t('testUnknown'),
    queued: t('testQueued'),
  }
  return (
    <Alert
      style={{ marginTop: 16 }}
      type={ok ? 'success' : status === 'failed' ? 'error' : 'warning'}
      showIcon
      role="status"
      title={words[status]}
      description={
        <div style={{ overflowWrap: 'anywhere' }}>
          {answers.length > 0 ? (
            <p>
              {t('testAnswer')}: <code>{answers.join('\n')}</code>
            </p>
          ) : null}
          {advice ? (
            <p>
              <strong>{t('testAdvice')}</strong>: {advice}
            </p>
          ) : null}
          {msgId ? (
            <PageLink to="/console/messages" search={{ open: msgId }}>
              {t('testOpen')}
            </PageLink>
          ) : null}
        </div>
      }
    />
  )
}
