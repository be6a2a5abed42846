import { SendOutlined } from '@ant-design/icons'
import { Alert, Button, Form, Input, Modal, Segmented, Select, Tooltip } from 'antd'
import { type ReactNode, useState } from 'react'
import { PageLink } from '../../../ui/address/page-link.tsx'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { MemberPicker, type PickedMember } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import type { Channel } from '../words.tsx'

/** Sends a test from a channel's form to a member or an address, and shows the vendor's real answer. */
export function TestSend(props: { channel: Channel; isDirty: boolean; isConfigured: boolean }): ReactNode {
  const t = useText('messages')
  const common = useText('common')
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Tooltip title={props.isDirty ? t('testSaveFirst') : ''}>
        <Button
          icon={<SendOutlined aria-hidden />}
          disabled={props.isDirty || !props.isConfigured}
          onClick={() => setOpen(true)}
        >
          {t('test')}
        </Button>
      </Tooltip>
      <Modal
        title={`${t('test')} · ${t(props.channel)}`}
        open={isOpen}
        footer={null}
        destroyOnHidden
        closable={{ 'aria-label': common('close') }}
        onCancel={() => setOpen(false)}
      >
        <TestForm channel={props.channel} />
      </Modal>
    </>
  )
}

type Given = {
  way: 'member' | 'address'
  members: PickedMember[]
  address: string
  templateId: string
  params: string[]
}

function TestForm(props: { channel: Channel }): ReactNode {
  const t = useText('messages')
  const { channel } = props
  const [given, setGiven] = useState<Given>({
    way: 'member',
    members: [],
    address: '',
    templateId: '',
    params: [],
  })
  const change = (patch: Partial<Given>) => setGiven(before => ({ ...before, ...patch }))
  const [answer, setAnswer] = useState<Answer<'/web/messages/test'>>()
  const test = useAct('/web/messages/test', { refresh: ['/web/messages/'] })
  const isAddress = given.way === 'address'
  const run = async () => {
    setAnswer(undefined)
    const to = isAddress ? { address: given.address.trim() } : { userId: given.members[0]?.userId }
    const sms = channel === 'sms' ? { templateId: given.templateId, params: given.params } : {}
    setAnswer(await test.run({ channel, ...to, ...sms }))
  }
  const isReady = isAddress ? given.address.trim() !== '' : given.members.length > 0
  const hasTemplate = channel !== 'sms' || given.templateId !== ''
  return (
    <Form layout="vertical" component="div">
      <Form.Item label={t('testTo')} htmlFor="test-to">
        {channel === 'wecom' ? null : (
          <Segmented<Given['way']>
            style={{ marginBottom: 8 }}
            value={given.way}
            options={[
              { value: 'member', label: t('testMember') },
              { value: 'address', label: t(channel === 'sms' ? 'testPhone' : 'testEmail') },
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
      {channel === 'sms' ? <TemplateFields given={given} change={change} /> : null}
      <Button
        type="primary"
        loading={test.isRunning}
        disabled={!isReady || !hasTemplate}
        onClick={() => void run()}
      >
        {t('test')}
      </Button>
      {answer ? <VendorAnswer answer={answer} /> : null}
    </Form>
  )
}

function TemplateFields(props: { given: Given; change: (patch: Partial<Given>) => void }): ReactNode {
  const t = useText('messages')
  const { given, change } = props
  const { data } = useRead('/web/messages/choices')
  const templates = data?.templates ?? []
  const chosen = templates.find(one => one.id === given.templateId)
  return (
    <>
      <Form.Item label={t('templateField')} htmlFor="test-template">
        <Select
          id="test-template"
          value={given.templateId || null}
          options={templates.map(one => ({ value: one.id, label: one.id }))}
          notFoundContent={t('noTemplates')}
          onChange={id => {
            const params = templates.find(one => one.id === id)?.params ?? []
            change({ templateId: id ?? '', params: params.map((_, index) => String(index + 1)) })
          }}
        />
      </Form.Item>
      {(chosen?.params ?? []).map((name, index) => (
        <Form.Item key={name} label={t('valueOf', { name })} htmlFor={`test-param-${name}`}>
          <Input
            id={`test-param-${name}`}
            value={given.params[index] ?? ''}
            maxLength={500}
            onChange={event =>
              change({ params: given.params.map((one, at) => (at === index ? event.target.value : one)) })
            }
          />
        </Form.Item>
      ))}
    </>
  )
}

function VendorAnswer(props: { answer: Answer<'/web/messages/test'> }): ReactNode {
  const t = useText('messages')
  const { ok, status, answers, advice, msgId, ms } = props.answer
  const words = {
    sent: t('testOk', { ms }),
    failed: t('testBad'),
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
