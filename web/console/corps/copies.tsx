import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { Copies } from '../../ui/connected/copies.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useText } from '../../ui/text.ts'
import { State } from '../../ui/values/state.tsx'
import { Time } from '../../ui/values/time.tsx'

/** The values for 管理工具 → 通讯录同步 → 设置接收事件服务器 in WeCom's console. */
export function CallbackCopies(props: { corp: Answer<'/web/corps/one'>; withState?: boolean }): ReactNode {
  const t = useText('corps')
  const { callback, callbackVerifiedAt } = props.corp
  const [isAsked, setAsked] = useState(false)
  // Until WeCom has them they are what has to be copied next.
  const isShown = isAsked || callbackVerifiedAt === null
  return (
    <>
      <p className="wisp-quiet" style={{ margin: '0 0 8px' }}>
        {t('callbackHint')}
      </p>
      <Copies
        values={[
          { label: t('callbackUrl'), value: callback.url },
          ...(isShown
            ? [
                { label: t('callbackToken'), value: callback.token },
                { label: t('callbackKey'), value: callback.encodingAesKey },
              ]
            : []),
        ]}
      />
      {isShown ? null : (
        <Button style={{ marginBottom: 12 }} onClick={() => setAsked(true)}>
          {t('callbackShow')}
        </Button>
      )}
      {props.withState ? (
        <div style={{ marginBottom: 12 }}>
          {callbackVerifiedAt ? (
            <State kind="good">
              {t('callbackVerified')} · <Time at={callbackVerifiedAt} />
            </State>
          ) : (
            <State kind="warn">{t('callbackNever')}</State>
          )}
        </div>
      ) : null}
    </>
  )
}
