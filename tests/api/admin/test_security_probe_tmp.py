"""Hostile probes, quick & dirty; prints statuses >=500 or exceptions."""
import pytest, json, time, io
from urllib.parse import quote
from tests.api.admin.conftest import *
from tests.api.admin.test_every_route import TAKES
from tests.api.conftest import *
BAD=["%00","%ff%fe","-1","99999999999999999999","9"*5000,"%ED%A0%80","%F0%9F%98%80","a"*10000,"//[","%0d%0aSet-Cookie:x","'\"><script>","0","1e9","2026-02-30","0000-00-00","9999-12-31","0001-01-01","null","%25","٣"]
NAMES="page search q type locale show before since until actor action entry sort state freshness from to revision link at find draft next language memory path format only target_locale source source_locale target".split()
PATHS=["/admin/","/admin/articles","/admin/people","/admin/keys","/admin/audit","/admin/audit/export.csv","/admin/glossary","/admin/glossary/new","/admin/glossary/term","/admin/find","/admin/translations","/admin/translations/tr","/admin/articles/new","/admin/import","/admin/you","/admin/sign-in","/admin/entries/{e}","/admin/entries/{e}/history","/admin/entries/{e}/preview","/admin/entries/{e}/publish","/admin/entries/{e}/uses","/admin/entries/{e}/withdraw","/admin/entries/{e}/clash","/admin/entries/{e}/translate/tr","/admin/entries/{e}/translate/tr/memory","/admin/entries/{e}/translate/tr/next","/admin/entries/{e}/translate/tr/files","/admin/entries/{e}/translate/tr/files/download"]
def test_get(office, anna):
    e=office.desk.article()
    out=set()
    stranger=office.stranger()
    for p in PATHS:
        for n in NAMES:
            for v in BAD:
                if p=="/admin/glossary" and len(v)>4000: pass
                try:
                    r=anna.get(p.format(e=e)+f"?{n}={v}", buffered=True)
                    if r.status_code>=500: out.add((p,n,v[:20],r.status_code))
                except Exception as x: out.add((p,n,v[:20],repr(x)[:100]))
    for v in BAD:
        for p in ("/admin/sign-in","/admin/sign-in/second","/admin/forgot","/admin/link/x","/admin/preview/x.y"):
            for n in ("next","language","code","state"):
                r=stranger.get(p+f"?{n}={v}")
                if r.status_code>=500: out.add((p,n,v[:20],r.status_code))
        for p in ("/admin/%s","/admin/entries/%s","/admin/entries/%s/history","/admin/people/%s","/admin/keys/%s/revoke","/admin/link/%s","/admin/preview/%s","/admin/translations/%s","/admin/audit/export.%s","/admin/static/%s","/admin/entries/"+e+"/translate/%s"):
            r=anna.get(p%v,buffered=True)
            if r.status_code>=500: out.add((p,v[:20],r.status_code))
        for h in ("Referer","Cookie","X-CSRF-Token","Accept-Language","User-Agent","X-Request-ID","Host","X-Forwarded-For","Sec-Fetch-Site"):
            for val in (v, f"tolk-session={v}; tolk-form={v}; tolk-said={v}; tolk-ticket={v}; tolk-language={v}; tolk-theme={v}; tolk-sso={v}", "http://localhost//[", "http://localhost//["):
              for path in ("/admin/none/none/none","/admin/sign-in","/admin/sign-in/second"):
                try:
                    r=office.desk.app.test_client(use_cookies=False).get(path,headers={h:val})
                    if r.status_code>=500: out.add((path,h,val[:40],r.status_code))
                except Exception as x: out.add((path,h,val[:20],repr(x)[:100]))
    for o in sorted(out,key=str): print(o)
