/** Packets, messages and bills. */
export const featureWords = {
  报文加密: 'Encrypted packets',
  消息中心: 'Messages',
  '企业微信 JS-SDK 的签名': 'Sign a page for the JS-SDK of WeCom',
  '供企业微信里打开的页面使用：config 交给 wx.config，agentConfig 交给 wx.agentConfig。页面须在开发者自己的、agentId 相同且已启用的应用登记的来源上；地址中 # 及其后的部分不参与签名。由应用的服务器调用，应答原样交给 SDK 的 configure()，devToken 不得出现在页面里。':
    'For pages that are opened in WeCom: config goes to wx.config, agentConfig to wx.agentConfig. The page is on a registered origin of an enabled app of yours with this agentId; what follows # in its address is not signed. Your server makes the call and gives the answer to the SDK’s configure() as it is; a devToken never belongs into a page.',
  '企业微信应用的 agentId': 'agentId of the app in WeCom',
  '企业微信不接受的签名，格式为 timestamp.nonceStr.signature；所用票据仍在使用时重新获取一次':
    'A signature that WeCom refused, as timestamp.nonceStr.signature; its ticket is fetched once more when it is still in use',
  统一支付: 'Payments',
  登记设备: 'Register a device',
  '换取设备的主密钥（X25519）；不能做 X25519 的客户端经 https 只传 deviceId，应答为 {deviceId, masterKey}。已登记的设备须以现有主密钥证明（timestamp、nonce、proof）。见 docs/packet-encryption.md。':
    'Exchanges the master key of a device (X25519); a client without X25519 sends deviceId alone over https and gets {deviceId, masterKey}. A device that is registered proves itself with its master key (timestamp, nonce, proof). See docs/packet-encryption.md.',
  '设备标识：1 到 64 个字母、数字或 . _ : -': 'Name of the device: 1 to 64 letters, digits or . _ : -',
  '设备的 X25519 公钥，32 字节的 base64': 'X25519 public key of the device, 32 bytes in base64',
  '当前时间，秒；更换主密钥时': 'The time now, in seconds; to replace a master key',
  '32 位十六进制随机数，每次不同；更换主密钥时':
    '32 random hexadecimal digits, others each time; to replace a master key',
  '以现有主密钥作出的 HMAC-SHA256，十六进制；更换主密钥时':
    'HMAC-SHA256 by the present master key, in hexadecimal; to replace it',
  '平台为此设备生成的 X25519 公钥，base64':
    'X25519 public key that the platform made for this device, base64',
  '主密钥，base64；仅当没有传 publicKey': 'Master key, base64; only when no publicKey was sent',
  取得签名密钥和数据加密密钥: 'Open a session: signing key and data key',
  '两个密钥由主密钥、nonce 和 sessionId 推导，不在网络上传输。每个设备最多 16 个会话，最早的先失效。见 docs/packet-encryption.md。':
    'Both keys are derived from master key, nonce and sessionId, and never sent. A device has at most 16 sessions; the oldest goes first. See docs/packet-encryption.md.',
  设备标识: 'Name of the device',
  '算法：gcm（默认）或 md5': 'Algorithms: gcm (default) or md5',
  '当前时间，秒': 'The time now, in seconds',
  '32 位十六进制随机数，每次不同': '32 random hexadecimal digits, others each time',
  '以主密钥作出的 HMAC-SHA256，十六进制': 'HMAC-SHA256 by the master key, in hexadecimal',
  '放在 x-wisp-session 头里': 'Goes into the header x-wisp-session',
  发送消息通知: 'Send a message',
  'toUser、toParty、toTag 至少填一个。sendType 0 为企业微信消息，2 为邮件，3 为公众号的模板消息或订阅通知（只发给已绑定公众号的粉丝，其他人在 invaliduser 中，无人绑定时返回 1007；按公众号设置的对应关系填入模板，title 与 url 可不填）。接受的消息不会丢失，也不会重复发送；企业微信超过 2 秒未应答或不可用时返回 status: queued，24 小时内重试。超过 2048 字节的文本拆成带编号的多条；卡片的标题、内容超长时截断，并在 truncated 中说明。':
    'At least one of toUser, toParty and toTag. sendType 0 is a WeCom message, 2 mail, 3 a template or subscription message of an official account (to members linked to a follower only; others are in invaliduser, and 1007 when nobody is linked; the template is filled as the account says, title and url may be left out). An accepted message is neither lost nor sent twice; when WeCom does not answer within 2 seconds or is down, status is queued, and it is tried for 24 hours. Texts above 2048 bytes become several numbered messages; titles and contents of cards that are too long are cut, and named in truncated.',
  '成员 ID 列表，| 分隔，最多 1000；@all 为全部':
    'Ids of members, separated by |, at most 1000; @all is everybody',
  '部门 ID 列表，| 分隔': 'Ids of departments, separated by |',
  '标签 ID 列表，| 分隔': 'Ids of tags, separated by |',
  '发送方式：0-消息；2-邮件；3-公众号': 'How: 0 WeCom message; 2 mail; 3 official account',
  '消息类型：01-文本卡片；02-图文；03-文本。发送方式为 0 时必填':
    'Kind: 01 text card; 02 picture and text; 03 text. Needed when sendType is 0',
  发起方应用名称: 'Name of the application that sends',
  '发送方：企业微信应用 id，或公众号原始 ID（gh_…，发送方式为 3 时）；不填则由消息中心的默认应用或公众号发送':
    'Sender: agentId of a WeCom app, or original id of an official account (gh_…, when sendType is 3); else the default of the message centre',
  '标题，自动加上【应用名称】前缀；文本消息可不填':
    'Title, after which 【name of the application】 stands in front; not needed for text',
  内容: 'Content',
  '跳转链接，文本消息与邮件可不填': 'Where it leads; not needed for text and mail',
  '按钮文字，默认为详情': 'Text of the button; 详情 by default',
  '图文消息图片 url，图文消息必传': 'Address of the picture; needed for kind 02',
  '幂等号：24 小时内相同的 requestId 只发送一次':
    'Idempotency key: sent once within 24 hours for the same requestId',
  '消息 id，用于查询和撤回': 'Id of the message, for its status and recall',
  'sent 已发出；queued 排队中；failed 无人可达；unknown 无法确认是否送达':
    'sent; queued; failed: nobody can be reached; unknown: nobody knows whether it arrived',
  '无效的用户，| 分隔': 'Wrong members, separated by |',
  '无效的部门，| 分隔': 'Wrong departments, separated by |',
  '无效的标签，| 分隔': 'Wrong tags, separated by |',
  因长度限制被截断的字段: 'Fields that were cut because of their length',
  发送短信通知: 'Send an SMS',
  'params 按模板变量的顺序给出。没有手机号或被运营商拒绝的成员在 invaliduser 中列出。':
    'params are in the order of the template. Members without a mobile number or refused by the operator are in invaliduser.',
  '短信模板 ID': 'Id of the SMS template',
  '短信模板变量，例如 ["666666","5"]': 'What goes into the template, such as ["666666","5"]',
  查询消息状态: 'Get what became of a message',
  '消息 id': 'Id of the message',
  因频率限制推迟到的时间: 'Held until then because of a rate limit',
  撤回消息: 'Recall a message',
  '撤回尚未发出的部分，以及 24 小时内已发出的企业微信消息。':
    'Recalls what has not been sent, and WeCom messages that were sent within 24 hours.',
  创建账单: 'Make a bill',
  '一个账单，或用 list 一次创建最多 500 个，全部成功或全部不创建，出错时指出是第几个。金额为整数分。同一开发者的 billNo 相同、内容相同时返回原来的账单，不重复创建；内容不同返回 1000。':
    'One bill, or up to 500 as list, all or none; an error says which one it is about. Amounts are whole fen. The same billNo of a developer with the same content gives the bill that is there; with another content 1000.',
  '账单号，由创建者编号，不含空格': 'Number of the bill, given by its creator, without blanks',
  '付款成员的 userId': 'userId of the payer',
  名称: 'Name',
  '金额，单位分': 'Amount in fen',
  '单价，单位分；优惠为负数': 'Price of one in fen; negative for a discount',
  '数量，默认 1': 'How many; 1 by default',
  '明细，合计应等于 amount': 'Items, which add up to amount',
  '到期时间，ISO 8601，带时区': 'Due at, ISO 8601 with its zone',
  备注: 'Remark',
  '附件的 https 链接': 'https link to an attachment',
  '1 或 true：通过消息中心通知付款人，到期前一天再提醒一次':
    '1 or true: tell the payer by a message, and once more a day before it is due',
  '商户号，不填为默认商户': 'Merchant; the default one without it',
  '多个账单，此时不填其余字段': 'Several bills; the other fields are empty then',
  '账单 id': 'Id of the bill',
  账单号: 'Number of the bill',
  '创建时付款成员的 userId': 'userId of the payer when the bill was made',
  创建时付款成员的姓名: 'Name of the payer when the bill was made',
  创建时间: 'Made at',
  关闭账单: 'Close a bill',
  '待付款的账单关闭后不能再付款。付款人正在付款时，先向微信支付查询并关闭其订单；已付款的账单返回 1000。已关闭的再次关闭仍返回成功。':
    'A closed bill cannot be paid any more. When its payer is paying, WeChat Pay is asked and the order closed first; a paid bill gives 1000. To close a closed bill succeeds.',
  查询账单: 'Get a bill',
  '只能查询自己创建的、付款人在数据范围内的账单。':
    'Only bills that you made and whose payer is within your data scope.',
  '付款成员现在的 userId': 'userId of the payer now',
  付款成员现在的姓名: 'Name of the payer now',
  '单价，单位分': 'Price of one in fen',
  数量: 'How many',
  明细: 'Items',
  到期时间: 'Due at',
  附件链接: 'Link to the attachment',
  '指定的商户号；默认商户为空': 'Merchant; empty for the default one',
  'open 待付款；paid 已付款；closed 已关闭': 'open; paid; closed',
  '已退款金额，单位分': 'Refunded, in fen',
  '微信支付订单号，付款后才有': 'Transaction id of WeChat Pay, once paid',
  通知付款人的时间: 'Payer told at',
  付款人首次查看的时间: 'First seen by the payer at',
  付款时间: 'Paid at',
  关闭时间: 'Closed at',
  账单列表: 'List bills',
  '自己创建的、付款人在数据范围内的账单，新的在前。':
    'Bills that you made and whose payer is within your data scope, new ones first.',
  付款成员: 'Payer',
  状态: 'State',
  '页码，从 1 起': 'Page, from 1',
  总数: 'How many in all',
  '一码通快捷方式-统一支付': 'Shortcut to payments',
  '供一码通小程序使用：size 为待付款的账单数，url 为该成员的统一支付页面。jessionId 须属于统一支付应用或标记为一码通的应用；已失效或属于其他应用时，body 为 null。url 随 jessionId 一起失效。':
    'For the mini-program 一码通: size is how many bills wait to be paid, url the member’s payment page. The jessionId belongs to the payment app or to one marked as 一码通; body is null when it has expired or belongs to another. url expires with the jessionId.',
  平台唯一凭证: 'The ticket of the platform',
  '未读消息条数，即待付款的账单数': 'How many bills wait to be paid',
  '统一支付 URL': 'Address of the payment page',
} as const
