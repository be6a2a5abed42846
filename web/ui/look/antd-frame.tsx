import { QueryClientProvider } from '@tanstack/react-query'
import { App, ConfigProvider } from 'antd'
import enGB from 'antd/locale/en_GB'
import zhCN from 'antd/locale/zh_CN'
import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { type ReactNode, StrictMode, useEffect, useState } from 'react'
import { createQueryClient } from '../data/query-client.ts'
import { useLanguage } from '../language.ts'
import { giveStylesNonce, styleNonce } from './style-nonce.ts'
import { themeOf } from './theme.ts'
import { useIsDark } from './theme-choice.ts'

giveStylesNonce()

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
        >
          <App>{props.children}</App>
        </ConfigProvider>
      </QueryClientProvider>
    </StrictMode>
  )
}
