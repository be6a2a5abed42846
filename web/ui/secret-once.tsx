import { Alert, App } from 'antd'
import { type ReactNode, useCallback } from 'react'
import { useText } from './text.ts'
import { CopyButton } from './values/copy.tsx'

export type Secret = { label: string; value: string }

/** Shows secrets that cannot be shown again. Resolves when the person closes the dialog. */
export function useSecretOnce(): (shown: {
  title: string
  secrets: readonly Secret[]
  note?: ReactNode
}) => Promise<void> {
  const { modal } = App.useApp()
  const t = useText('common')
  return useCallback(
    shown =>
      new Promise(resolve => {
        modal.info({
          title: shown.title,
          width: 560,
          icon: null,
          okText: t('secretCopied'),
          // The dialog must not close by an accidental click, because the secret would be lost.
          mask: { closable: false },
          keyboard: false,
          onOk: () => resolve(),
          content: (
            <div style={{ display: 'grid', gap: 16, paddingTop: 8 }}>
              <Alert type="warning" showIcon title={t('secretOnce')} />
              {shown.secrets.map(secret => (
                <SecretLine key={secret.label} {...secret} />
              ))}
              {shown.note}
            </div>
          ),
        })
      }),
    [modal, t],
  )
}

function SecretLine(props: Secret): ReactNode {
  return (
    <div>
      <div style={{ color: 'var(--wisp-quiet)', marginBottom: 4 }}>{props.label}</div>
      <div style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
        <code style={{ flex: 1, overflowWrap: 'anywhere', fontSize: 13 }}>{props.value}</code>
        <CopyButton value={props.value} what={props.label} withText />
      </div>
    </div>
  )
}
