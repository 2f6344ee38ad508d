"""How Sphinx makes the site of this folder: `make docs`."""

import os
import sys
import warnings
from pathlib import Path

DOCS = Path(__file__).parent
ROOT = DOCS.parent
sys.path.insert(0, str(DOCS / "_extensions"))
# What pages run keeps to itself: a cache of the build, no window, no colours of a terminal.
os.environ["BIOKV_CACHE"] = str(ROOT / "build" / "docs-cache")
os.environ["MPLBACKEND"] = "Agg"
(ROOT / "build" / "docs-cache").mkdir(mode=0o700, parents=True, exist_ok=True)

# of joblib, which runs scripts in processes and ends one that has grown; the next takes its place
warnings.filterwarnings("ignore", "A worker stopped while some jobs were given to the executor")

import bioKV  # noqa: E402  (its cache has to be said first)

project = "bioKV"
author = "the bioKV developers"
copyright = f"{author}, MIT licence"
version = release = bioKV.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "numpydoc",
    "sphinx_gallery.gen_gallery",
    "api_lists",
    "mathml",
    "page_links",
]
exclude_patterns = ["tutorials", "gallery", "auto_examples", "auto_lists"]
templates_path = ["_templates"]
nitpicky = True
# what other packages document: no build asks the network where
nitpick_ignore_regex = [
    ("py:.*", r"(?!bioKV).*"),
]

# pages
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist", "attrs_block"]
myst_heading_anchors = 4
suppress_warnings = ["myst.header"]  # the long pages begin some parts two levels down

# API
autodoc_member_order = "bysource"
autodoc_typehints = "none"
autodoc_preserve_defaults = True
numpydoc_show_class_members = False

# scripts that are run
sphinx_gallery_conf = {
    "examples_dirs": ["tutorials", "gallery"],
    "gallery_dirs": ["auto_tutorials", "auto_gallery"],
    "backreferences_dir": "auto_examples",
    "doc_module": ("bioKV",),
    "filename_pattern": r"\.py$",
    "subsection_order": ["gallery/protocols", "gallery/mechanisms", "gallery/figures"],
    "within_subsection_order": "FileNameSortKey",
    "abort_on_example_error": True,
    "reset_modules": ("matplotlib",),
    "image_scrapers": ("matplotlib",),
    "capture_repr": ("_repr_html_", "__repr__"),
    "download_all_examples": False,
    "remove_config_comments": True,
    "min_reported_time": 1e9,  # a page of times is of no use to a reader, and differs in every build
    "write_computation_times": False,
    "show_signature": False,
    "parallel": 2,
}

# looks
html_theme = "pydata_sphinx_theme"
html_title = "bioKV"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
toc_object_entries_show_parents = "hide"  # a class and its method are wider than the side bar
html_theme_options = {
    "navigation_with_keys": False,
    "show_prev_next": False,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "header_links_before_dropdown": 7,
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
