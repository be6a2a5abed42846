import { Input } from 'antd'
import { type ReactNode, useState } from 'react'
import { useRead } from '../../../ui/data/read.ts'
import { ErrorState, Loading } from '../../../ui/feedback.tsx'
import { useText } from '../../../ui/text.ts'
import { Phone } from '../../chat-menu/phone.tsx'
import { type Account, whyNot } from '../use-account.tsx'

/** Asks WeChat which of the published menus a follower is shown. */
export function MenuTrial({ account }: { account: Account }): ReactNode {
  const t = useText('official-menu')
  const [openid, setOpenid] = useState('')
  const { originalId, name } = account
  const read = useRead('/web/official/menu/try', { originalId, openid }, { enabled: openid !== '' })
  const why = whyNot(account, 'personalisedMenu')
  if (why) return <p className="wisp-quiet">{why}</p>
  return (
    <>
      <p className="wisp-quiet">{t('tryHint')}</p>
      <Input.Search
        aria-label="OpenID"
        placeholder="OpenID"
        style={{ maxWidth: 420, marginBottom: 16 }}
        enterButton={t('try')}
        onSearch={text => setOpenid(text.trim())}
      />
      {read.error ? <ErrorState error={read.error} retry={() => void read.refetch()} /> : null}
      {openid !== '' && read.isLoading ? <Loading /> : null}
      {read.data ? (
        <section aria-label={t('tryResult')}>
          <Phone name={name} buttons={read.data.buttons} />
        </section>
      ) : null}
    </>
  )
}
