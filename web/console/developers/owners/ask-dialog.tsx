import { Checkbox, Form, Input, Modal } from 'antd'
import { type ReactNode, useId } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import { useText } from '../../../ui/text.ts'
import { useScopeName } from '../scopes/scope-name.ts'
import { UpstreamPaths } from '../upstream-paths.tsx'

type ScopeRequest = { scopes?: string[]; upstreamPaths?: string[]; reason: string }

/** Asks administrators for scopes, and for calls of vendors to be passed on; `paths` are those that there are already. */
export function AskDialog(props: {
  devId: string
  scopes: readonly string[]
  paths?: readonly string[]
  /** Calls that are chosen already. */
  wanted?: readonly string[]
  isOpen: boolean
  onClose(): void
}): ReactNode {
  const t = useText('developer-owners')
  const nameOf = useScopeName()
  const id = useId()
  const { devId, isOpen, onClose } = props
  const act = useAct('/web/developers/scope-requests/ask', { done: t('asked'), refresh: ['/web/developers'] })
  const send = async (form: ScopeRequest) => {
    const { scopes = [], upstreamPaths = [], reason } = form
    if (await act.run({ devId, scopes, upstreamPaths, reason })) onClose()
  }
  return (
    <Modal
      open={isOpen}
      title={t('askTitle')}
      okText={t('askSend')}
      okButtonProps={{ htmlType: 'submit', form: id, loading: act.isRunning }}
      destroyOnHidden
      onCancel={onClose}
    >
      <Form<ScopeRequest>
        id={id}
        layout="vertical"
        initialValues={{ scopes: [], upstreamPaths: [...(props.wanted ?? [])] }}
        onFinish={form => void send(form)}
      >
        <Form.Item
          name="scopes"
          label={t('askScopes')}
          dependencies={['upstreamPaths']}
          rules={[atLeastOne(t('askNone'))]}
          hidden={props.scopes.length === 0}
        >
          <Checkbox.Group style={{ display: 'grid', gap: 6 }}>
            {props.scopes.map(scope => (
              <Checkbox key={scope} value={scope}>
                {nameOf(scope)} <code className="wisp-quiet">{scope}</code>
              </Checkbox>
            ))}
          </Checkbox.Group>
        </Form.Item>
        <Form.Item name="upstreamPaths" label={t('askPaths')} extra={t('askPathsHint')}>
          <UpstreamPaths devId={devId} without={props.paths ?? []} />
        </Form.Item>
        <Form.Item
          name="reason"
          label={t('askReason')}
          extra={t('askReasonHint')}
          rules={[{ required: true, whitespace: true }]}
        >
          <Input.TextArea rows={3} maxLength={500} />
        </Form.Item>
      </Form>
    </Modal>
  )
}

/** Either a scope or a call is asked for. */
function atLeastOne(message: string) {
  return ({ getFieldValue }: { getFieldValue(name: string): unknown }) => ({
    async validator() {
      const chosen = ['scopes', 'upstreamPaths'].flatMap(name => (getFieldValue(name) as string[]) ?? [])
      if (chosen.length === 0) throw new Error(message)
    },
  })
}
