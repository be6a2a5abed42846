import { describe, expect, it } from 'vitest'
import { dingtalkSignature } from './dingtalk-robot.ts'
import { feishuSignature } from './feishu-robot.ts'
import type { RobotMessage } from './robot.ts'
import { robotVendors } from './robots.ts'

const message: RobotMessage = {
  title: '巡检告警',
  lines: [
    [{ text: '温度 ' }, { text: '41 度', isBold: true }],
    [{ text: '处理', href: 'https://oa.example.com/1' }],
  ],
  mentions: { all: false, people: [{ userId: 'zhangsan', name: '张三', mobile: '13800138000' }] },
}
const at = 1_700_000_000_000

describe('signatures', () => {
  it('are those of the vendors', () => {
    expect(dingtalkSignature('SECtest-secret', at)).toBe('LC7hxZ4wslL+P7j7gu1hoQ+wzByekL+yWgiUMekZs0g=')
    expect(feishuSignature('test-secret', '1700000000')).toBe('mbm4Y4oluIPQ00qlBIhX8vAZ0EKv3nw0LuTb91jPL84=')
  })

  it('stand where each vendor reads them, encoded once', () => {
    const dingtalk = robotVendors.dingtalk.request({
      address: 'https://oapi.dingtalk.com/robot/send?access_token=t',
      secret: 'SECtest-secret',
      message,
      at,
    })
    expect(dingtalk.url).toBe(
      'https://oapi.dingtalk.com/robot/send?access_token=t&timestamp=1700000000000&sign=LC7hxZ4wslL%2BP7j7gu1hoQ%2BwzByekL%2ByWgiUMekZs0g%3D',
    )
    const feishu = robotVendors.feishu.request({ address: 'https://f', secret: 'test-secret', message, at })
    expect(feishu.body).toMatchObject({
      timestamp: '1700000000',
      sign: 'mbm4Y4oluIPQ00qlBIhX8vAZ0EKv3nw0LuTb91jPL84=',
    })
  })
})

describe('a message', () => {
  const bodyOf = (vendor: keyof typeof robotVendors, given = message) =>
    robotVendors[vendor].request({ address: 'https://x.example.com/', secret: null, message: given, at }).body

  it('is written in the dialect of each vendor', () => {
    expect(bodyOf('wecom')).toEqual({
      msgtype: 'markdown',
      markdown: {
        content: '**巡检告警**\n温度 **41 度**\n[处理](https://oa.example.com/1)\n<@zhangsan>',
      },
    })
    expect(bodyOf('dingtalk')).toEqual({
      msgtype: 'markdown',
      markdown: {
        title: '巡检告警',
        text: '### 巡检告警\n\n温度 **41 度**\n\n[处理](https://oa.example.com/1)\n\n@13800138000',
      },
      at: { atMobiles: ['13800138000'], isAtAll: false },
    })
    expect(bodyOf('feishu')).toEqual({
      msg_type: 'post',
      content: {
        post: {
          zh_cn: {
            title: '巡检告警',
            content: [
              [
                { tag: 'text', text: '温度 ' },
                { tag: 'text', text: '41 度', style: ['bold'] },
              ],
              [{ tag: 'a', text: '处理', href: 'https://oa.example.com/1' }],
              [{ tag: 'text', text: '@张三' }],
            ],
          },
        },
      },
    })
  })

  it('calls everybody by what each vendor has for it', () => {
    const toAll = { ...message, mentions: { all: true, people: [] } }
    expect(bodyOf('wecom', toAll)).toEqual({
      msgtype: 'text',
      text: {
        content: '巡检告警\n温度 41 度\n处理（https://oa.example.com/1）',
        mentioned_list: ['@all'],
      },
    })
    expect(bodyOf('dingtalk', toAll)).toMatchObject({ at: { isAtAll: true } })
    expect(JSON.stringify(bodyOf('feishu', toAll))).toContain('{"tag":"at","user_id":"all"}')
  })
})

it('an answer that is none of the vendor says nothing', () => {
  for (const adapter of Object.values(robotVendors)) {
    for (const answer of [null, 'ok', {}, { errcode: 'x' }, []]) expect(adapter.read(answer)).toBeUndefined()
    expect(adapter.read({ errcode: 0, errmsg: 'ok', code: 0, msg: 'success' })).toEqual({ kind: 'sent' })
  }
})
