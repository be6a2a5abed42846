import { QueryClientProvider } from '@tanstack/react-query'
import { App, ConfigProvider } from 'antd'
import enGB from 'antd/locale/en_GB'
import zhCN from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { type ReactNode, StrictMode, useEffect, useState } from 'react'
import { createQueryClient } from '../data/query-client.ts'
import { EmptyState } from '../feedback.tsx'
import { useLanguage } from '../language.ts'
import { useText } from '../text.ts'
import { giveStylesNonce, styleNonce } from './style-nonce.ts'
import { themeOf } from './theme.ts'
import { useIsDark } from './theme-choice.ts'

giveStylesNonce()

/** In an open list of choices there is no place for a drawing. */
function NothingToChoose(): ReactNode {
  const t = useText('common')
  return <div style={{ padding: '8px 4px', color: 'var(--wisp-quiet)' }}>{t('empty')}</div>
}

/** Provides theme, language, messages and the query client to a page that uses Ant Design. */
export function AntdFrame(props: { children: ReactNode }): ReactNode {
  const isDark = useIsDark()
  const language = useLanguage()
  const [client] = useState(createQueryClient)
  useEffect(() => {
    dayjs.locale(language === 'en' ? 'en' : 'zh-cn')
  }, [language])
  return (
    <StrictMode>
      <QueryClientProvider client={client}>
        <ConfigProvider
          csp={{ nonce: styleNonce() }}
          locale={language === 'en' ? enGB : zhCN}
          theme={themeOf(isDark)}
          button={{ autoInsertSpace: false }}
          renderEmpty={component => (component === 'Table' ? <EmptyState /> : <NothingToChoose />)}
        >
          <App>{props.children}</App>
        </ConfigProvider>
      </QueryClientProvider>
    </StrictMode>
  )
}
