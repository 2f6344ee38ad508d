"""Links that hold on a Git host and on the site alike.

A page links to a script of tutorials/ or gallery/ by its file; on the site that is the page which sphinx-gallery makes
of it. A name of the API in code letters, `bioKV.SpikingMemory`, becomes a link to its page.
"""

from __future__ import annotations

import re

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.transforms.post_transforms import SphinxPostTransform

SCRIPT = re.compile(r"\]\(((?:\.\./)*)(tutorials|gallery)/(?:([\w/]+)\.py)?\)")
NAME = re.compile(r"bioKV(\.\w+)+")


def scripts_to_pages(app, docname: str, content: list[str]) -> None:
    content[0] = SCRIPT.sub(lambda link: f"]({link[1]}auto_{link[2]}/{link[3] or 'index'}.rst)", content[0])


class NamesToPages(SphinxPostTransform):
    default_priority = 5  # before references are resolved

    def run(self, **kwargs) -> None:
        objects = self.env.domaindata["py"]["objects"]
        for node in list(self.document.findall(nodes.literal)):
            name = node.astext().partition("(")[0]
            if not NAME.fullmatch(name) or name not in objects or objects[name].docname == self.env.docname:
                continue
            if isinstance(node.parent, nodes.reference | pending_xref):  # it is a link already
                continue
            node.replace_self(pending_xref(
                "", node.deepcopy(), refdomain="py", reftype="obj", reftarget=name, refdoc=self.env.docname,
                refexplicit=True, refwarn=True,
            ))  # fmt: skip


def setup(app):
    app.connect("source-read", scripts_to_pages)
    app.add_post_transform(NamesToPages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
