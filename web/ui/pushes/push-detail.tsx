import { Alert, Button, Descriptions, type DescriptionsProps } from 'antd'
import type { ReactNode } from 'react'
import { DrawerActions } from '../address/drawer.tsx'
import { Fold } from '../forms/fold.tsx'
import { useText } from '../text.ts'
import { CopyButton } from '../values/copy.tsx'
import './pushes.css'

/** One push: what is known of it, what went wrong, a button to work on it again, and what was received. */
export function PushDetail(props: {
  facts: NonNullable<DescriptionsProps['items']>
  problem: { isBad: boolean; text: ReactNode } | undefined
  replay: { hint: string; isRunning: boolean; run(): void }
  /** Decrypted, for people; and as it came. */
  contents: { plain: string; raw: string } | undefined
}): ReactNode {
  const t = useText('pushes')
  const { facts, problem, replay, contents } = props
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      <Descriptions size="small" bordered column={1} items={facts} />
      {problem ? <Alert type={problem.isBad ? 'error' : 'info'} showIcon title={problem.text} /> : null}
      <DrawerActions>
        <Button type="primary" loading={replay.isRunning} onClick={replay.run}>
          {t('replayOne')}
        </Button>
        <span className="wisp-quiet">{replay.hint}</span>
      </DrawerActions>
      {contents ? (
        <>
          <Code text={contents.plain} what={t('plain')} />
          <Fold summary={t('raw')}>
            <Code text={contents.raw} what={t('raw')} />
          </Fold>
        </>
      ) : (
        <div className="wisp-quiet">{t('noContent')}</div>
      )}
    </div>
  )
}

function Code(props: { text: string; what: string }): ReactNode {
  return (
    <div style={{ display: 'grid', gap: 8 }}>
      <div>
        <CopyButton value={props.text} what={props.what} withText />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard. */}
      <section className="push-code" tabIndex={0} aria-label={props.what}>
        <pre>{props.text}</pre>
      </section>
    </div>
  )
}
