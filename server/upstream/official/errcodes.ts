/** A text in each of the product's languages. */
interface Words {
  readonly zh: string
  readonly en: string
}

export interface ErrcodeInfo {
  text: Words
  /** The account, its secret or our address may not make such calls, until somebody changes that at WeChat. */
  isRight?: true
  /** What to change, and where. */
  fix?: Words
}

const developerPlatform = {
  zh: '微信开发者平台「我的业务 → 公众号或服务号 → 基础信息」',
  en: 'the WeChat developer platform: the account → basic information (基础信息)',
}
const wait = { zh: '请稍后再试。', en: 'Try again later.' }

/** What WeChat's errcodes mean for those who run an account (docs/upstream/README.md#pages). */
export const errcodes: Readonly<Record<number, ErrcodeInfo>> = {
  [-1]: { text: { zh: '微信系统繁忙', en: 'WeChat is busy' }, fix: wait },
  40001: {
    isRight: true,
    text: { zh: '密钥错误，或 access_token 无效', en: 'the secret is wrong, or the access_token invalid' },
    fix: {
      zh: `请在${developerPlatform.zh}核对 AppSecret；重置过之后旧值立即失效。`,
      en: `Compare the AppSecret in ${developerPlatform.en}; once it was reset the old one is dead at once.`,
    },
  },
  40003: {
    text: {
      zh: 'OpenID 无效，或不是本公众号的粉丝',
      en: 'the OpenID is invalid or of no follower of this account',
    },
  },
  40004: { text: { zh: '不支持的媒体文件类型', en: 'this kind of media is not supported' } },
  40005: { text: { zh: '不支持的文件类型', en: 'this type of file is not supported' } },
  40006: { text: { zh: '文件大小超过限制', en: 'the file is too large' } },
  40007: { text: { zh: '素材（media_id）无效或已过期', en: 'the media_id is invalid or has expired' } },
  40009: { text: { zh: '图片大小超过限制', en: 'the picture is too large' } },
  40013: {
    isRight: true,
    text: { zh: 'AppID 错误', en: 'the AppID is wrong' },
    fix: {
      zh: `请在${developerPlatform.zh}核对 AppID。`,
      en: `Compare the AppID in ${developerPlatform.en}.`,
    },
  },
  40014: { text: { zh: 'access_token 无效', en: 'the access_token is invalid' } },
  40015: { text: { zh: '菜单类型不合法', en: 'the menu type is invalid' } },
  40016: { text: { zh: '菜单按钮个数不合法', en: 'the number of menu buttons is invalid' } },
  40017: { text: { zh: '菜单按钮类型不合法', en: 'the type of a menu button is invalid' } },
  40018: { text: { zh: '菜单按钮名称长度不合法', en: 'the name of a menu button is too long' } },
  40019: { text: { zh: '菜单按钮 key 长度不合法', en: 'the key of a menu button is too long' } },
  40020: { text: { zh: '菜单按钮网址长度不合法', en: 'the URL of a menu button is too long' } },
  40022: { text: { zh: '二级菜单级数不合法', en: 'the menu is nested too deep' } },
  40023: { text: { zh: '二级菜单按钮个数不合法', en: 'the number of sub-buttons is invalid' } },
  40024: { text: { zh: '二级菜单按钮类型不合法', en: 'the type of a sub-button is invalid' } },
  40025: { text: { zh: '二级菜单按钮名称长度不合法', en: 'the name of a sub-button is too long' } },
  40026: { text: { zh: '二级菜单按钮 key 长度不合法', en: 'the key of a sub-button is too long' } },
  40027: { text: { zh: '二级菜单按钮网址长度不合法', en: 'the URL of a sub-button is too long' } },
  40029: { text: { zh: '网页授权 code 无效', en: 'the code of the web authorisation is invalid' } },
  40032: { text: { zh: '一次传入的 OpenID 过多', en: 'too many OpenIDs in one call' } },
  40037: {
    text: { zh: '模板 ID 无效', en: 'the template id is invalid' },
    fix: {
      zh: '模板消息与订阅通知的模板 ID 互不相通，请确认没有用错种类。',
      en: 'Template messages and subscription notices have ids of their own: make sure that the kind is right.',
    },
  },
  40054: { text: { zh: '二级菜单网址的域名不合法', en: 'the domain of a sub-button URL is not allowed' } },
  40055: { text: { zh: '菜单网址的域名不合法', en: 'the domain of a menu URL is not allowed' } },
  40059: { text: { zh: '群发消息 ID 无效', en: 'the id of the mass message is invalid' } },
  40097: { text: { zh: '参数不合法', en: 'an argument is invalid' } },
  40114: { text: { zh: '图文的序号不合法', en: 'there is no article of this number' } },
  40125: {
    isRight: true,
    text: { zh: '密钥（AppSecret）错误', en: 'the AppSecret is wrong' },
    fix: {
      zh: `请在${developerPlatform.zh}重置或核对 AppSecret，并更新到 wisp。`,
      en: `Compare or reset the AppSecret in ${developerPlatform.en}, and update it in the platform.`,
    },
  },
  40130: {
    text: {
      zh: '按列表群发至少要有两个 OpenID',
      en: 'a mass message by list needs at least two OpenIDs',
    },
  },
  40132: { text: { zh: '没有这个微信号', en: 'there is no such WeChat id' } },
  40152: { text: { zh: '粉丝标签不存在', en: 'there is no such tag' } },
  40163: { text: { zh: '网页授权 code 已使用过', en: 'the code of the web authorisation was used already' } },
  40164: {
    isRight: true,
    text: {
      zh: '调用接口的 IP 不在白名单中',
      en: 'the address of the call is not on the IP whitelist',
    },
    fix: {
      zh: `请在${developerPlatform.zh}的「API IP 白名单」中加入 wisp 的出口地址。`,
      en: `Add the outgoing address of the platform to the API IP whitelist (API IP 白名单) in ${developerPlatform.en}.`,
    },
  },
  40243: {
    isRight: true,
    text: { zh: 'AppSecret 已被冻结', en: 'the AppSecret is frozen' },
    fix: {
      zh: `请在${developerPlatform.zh}解冻 AppSecret。`,
      en: `Unfreeze the AppSecret in ${developerPlatform.en}.`,
    },
  },
  40246: { text: { zh: '模板关键词不合法', en: 'a keyword of the template is invalid' } },
  40247: {
    text: { zh: '旧模板库已不能添加模板', en: 'templates of the old library can no longer be added' },
  },
  41030: { text: { zh: '跳转页面（page）不合法', en: 'the page to open is invalid' } },
  41001: { text: { zh: '缺少 access_token', en: 'the access_token is missing' } },
  41039: { text: { zh: '原文链接不合法', en: 'the source link is invalid' } },
  42001: { text: { zh: 'access_token 已过期', en: 'the access_token has expired' } },
  43004: { text: { zh: '对方没有关注公众号', en: 'the person does not follow the account' } },
  43101: {
    text: {
      zh: '用户没有订阅，或订阅次数已用完',
      en: 'the person did not tick this notice, or has used it up',
    },
  },
  43106: {
    isRight: true,
    text: { zh: '账号违规，添加模板的能力已被限制', en: 'adding templates is refused as a punishment' },
  },
  43116: {
    text: {
      zh: '该模板因违规不能设置跳转链接',
      en: 'messages of this template may have no link, as a punishment',
    },
  },
  43117: { text: { zh: '对同一用户发送过于频繁', en: 'this person is sent to too often' }, fix: wait },
  44004: { text: { zh: '内容为空', en: 'the content is empty' } },
  45002: { text: { zh: '消息内容超过长度限制', en: 'the message is too long' } },
  45003: { text: { zh: '标题超过长度限制', en: 'the title is too long' } },
  45004: { text: { zh: '摘要超过长度限制', en: 'the digest is too long' } },
  45008: { text: { zh: '图文篇数超过限制', en: 'there are too many articles' } },
  45009: {
    text: { zh: '该接口当日调用次数已用完', en: 'the calls of this day are used up' },
    fix: {
      zh: '次日零点恢复；也可以在公众平台清零（每月 10 次）。',
      en: 'They are back at midnight; the quota can also be cleared on the platform (10 times a month).',
    },
  },
  45011: { text: { zh: '调用过于频繁', en: 'too many calls in this minute' }, fix: wait },
  45015: {
    text: {
      zh: '对方 48 小时内没有互动，或已取消关注，不能发送客服消息',
      en: 'the person has not written within 48 hours or has left: nothing can be sent',
    },
  },
  45026: {
    text: { zh: '模板数量已达上限（25 个）', en: 'there are as many templates as allowed (25)' },
    fix: { zh: '请先删除不用的模板。', en: 'Delete templates that are no longer used first.' },
  },
  45028: { text: { zh: '群发次数已用完', en: 'the mass messages of this time are used up' } },
  45029: { text: { zh: '永久二维码数量已用完', en: 'the permanent QR codes are used up' } },
  45034: { text: { zh: '永久素材数量已达上限', en: 'there is as much permanent material as allowed' } },
  45047: {
    text: {
      zh: '客服消息条数已用完，须等对方再次互动',
      en: 'as many messages as allowed were sent: the person has to write again first',
    },
  },
  45056: { text: { zh: '标签数量已达上限', en: 'there are as many tags as allowed' } },
  45057: {
    text: {
      zh: '标签下的粉丝超过 10 万，不能删除',
      en: 'a tag of more than 100,000 followers cannot be deleted',
    },
  },
  45058: { text: { zh: '不能修改系统保留的标签', en: 'the tags of the system cannot be changed' } },
  45059: { text: { zh: '该用户的标签已达 20 个', en: 'the person has 20 tags already' } },
  45065: { text: { zh: '这次群发已经提交过', en: 'this mass message was submitted before' } },
  45066: {
    text: { zh: '一分钟内重复提交群发', en: 'the mass message was repeated within a minute' },
    fix: wait,
  },
  45067: { text: { zh: 'clientmsgid 过长', en: 'the clientmsgid is too long' } },
  45106: {
    text: { zh: '微信已停用该接口', en: 'WeChat has withdrawn this call' },
    fix: {
      zh: '图文改用草稿箱：draft/add 新建，freepublish/submit 发布或群发时使用其 media_id。',
      en: 'Articles are drafts now: create them with draft/add, then publish them or send them by their media_id.',
    },
  },
  45157: { text: { zh: '标签名已存在', en: 'the tag name exists already' } },
  45158: { text: { zh: '标签名超过 30 字节', en: 'the tag name is over 30 bytes' } },
  45159: { text: { zh: '标签无效', en: 'the tag is invalid' } },
  45166: { text: { zh: '正文不合法，或超过长度限制', en: 'the content is invalid or too long' } },
  46003: { text: { zh: '没有通过接口设置的菜单', en: 'there is no menu that was made by the API' } },
  47003: { text: { zh: '模板字段的值不合法', en: 'the value of a template field is invalid' } },
  48001: {
    isRight: true,
    text: { zh: '公众号没有该接口的权限', en: 'the account may not call this' },
    fix: {
      zh: '该接口通常要求微信认证，或只对服务号开放。',
      en: 'It usually needs a verified account, or a service account (服务号).',
    },
  },
  48002: { text: { zh: '对方拒收公众号消息', en: 'the person refuses messages of the account' } },
  48005: { text: { zh: '素材被回复或菜单引用，不能删除', en: 'a reply or menu uses the material' } },
  48006: { text: { zh: '本月清零次数已用完', en: 'the clearings of this month are used up' } },
  49003: { text: { zh: 'OpenID 不属于该公众号', en: 'the OpenID is of another account' } },
  50002: { text: { zh: '用户受限，可能被封禁', en: 'the person is restricted' } },
  50004: {
    isRight: true,
    text: { zh: '获取 token 的接口被禁用', en: 'the token interface is forbidden to the account' },
  },
  50007: { isRight: true, text: { zh: '公众号已被冻结', en: 'the account is frozen' } },
  53503: { text: { zh: '草稿没有通过发布检查', en: 'the draft did not pass the check' } },
  53504: {
    text: { zh: '须先在微信公众平台网站保存草稿', en: "the draft must be saved on WeChat's own site first" },
  },
  53505: {
    text: { zh: '须先在微信公众平台网站保存草稿', en: "the draft must be saved on WeChat's own site first" },
  },
  53600: { text: { zh: '没有这篇已发布的图文', en: 'there is no such published article' } },
  65301: { text: { zh: '没有这个个性化菜单', en: 'there is no such personalised menu' } },
  65303: { text: { zh: '须先有默认菜单', en: 'a default menu is needed first' } },
  65304: { text: { zh: '个性化菜单的匹配条件为空', en: 'the condition of a personalised menu is empty' } },
  65305: { text: { zh: '个性化菜单数量已达上限', en: 'there are as many personalised menus as allowed' } },
  65320: {
    text: {
      zh: '性别、地区、语言不能再作为个性化菜单的条件',
      en: 'gender, place and language are no longer allowed as conditions',
    },
  },
  76003: { text: { zh: 'rid 属于其他账号', en: 'the rid belongs to another account' } },
  89503: {
    isRight: true,
    text: { zh: '此 IP 的调用正等待管理员确认', en: 'the administrator has yet to confirm this address' },
    fix: {
      zh: '公众号管理员的微信会收到确认消息，确认后再试。',
      en: "The account's administrator gets a message in WeChat; try again once it is confirmed.",
    },
  },
  89506: {
    isRight: true,
    text: {
      zh: '管理员拒绝了此 IP，24 小时后才能重试',
      en: 'the administrator refused this address; wait 24 hours',
    },
  },
  89507: {
    isRight: true,
    text: {
      zh: '管理员拒绝了此 IP，1 小时后才能重试',
      en: 'the administrator refused this address; wait an hour',
    },
  },
  200011: {
    isRight: true,
    text: { zh: '账号已被封禁，不能使用订阅通知', en: 'the account is banned from notices' },
  },
  200012: {
    text: { zh: '订阅通知的模板数量已达上限', en: 'there are as many notice templates as allowed' },
    fix: { zh: '请先删除不用的模板。', en: 'Delete templates that are no longer used first.' },
  },
  200013: { text: { zh: '该模板已被封禁', en: 'the template is banned' } },
  200014: { text: { zh: '模板库中没有这个编号', en: 'the library has no template of this number' } },
  200016: { text: { zh: '起始位置不合法', en: 'the beginning of the page is invalid' } },
  200017: { text: { zh: '每页条数不合法', en: 'the length of the page is invalid' } },
  200018: { text: { zh: '缺少类目', en: 'the category is missing' } },
  200019: { text: { zh: '类目不合法', en: 'the category is invalid' } },
  200020: {
    text: {
      zh: '关键词应为 2 到 5 个，且都属于该模板',
      en: 'two to five keywords of the template are needed',
    },
  },
  200021: { text: { zh: '场景说明应为 1 到 15 个字', en: 'the purpose takes 1 to 15 characters' } },
}
