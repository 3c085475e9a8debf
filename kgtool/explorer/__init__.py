"""The pages of the explorer: from a store and what a reader wants to see to HTML, without a server.

Each page is a function of :class:`Sources` (a graph) and :class:`Visit` (what is asked, in which language) that returns
a :class:`Page`; :func:`kgtool.explorer.rendering.render` makes HTML of it. ``kgtool.server`` sends it.
"""
