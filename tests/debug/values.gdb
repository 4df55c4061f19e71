break debug_values.c:76
run
print p
print first
print second
print *first.next
print first.next->next
print list
print zeros
print text
print w
print rights
print (enum mask)8
print (enum mask)12
print function
print byte
print big
print yes
print nothing
print words
print grid
print grid[1]
print grid[1][2]
print *grid[0]@2
print ratio
print counter
print square
print &p
print &list
print &list[2]
print p.x + p.y * 2
print list[1] == 2 && p.x != 4
print -p.x
print ~1
print !p.x
print p.x / 2.0
print 10 / 3
print 10 % 3
print 1 << 4
print 0x10 | 1
print 'a'
print 'a' + 1
print sizeof(struct point)
print sizeof(node_t)
print (char)65
print (double)3
print (unsigned char)300
print *argv@1 == 0
print first.inner
print first.inner.b
print p.x > 2 ? 10 : 20
print 5000000000
print 1.5 + 1
print first.weight
print second.low
print second.flag
print &first.next->value == &second.value
print/x list
print/x p
print/d byte
print/c list
print/t 5
print/o 8
print/x -1
print $1
print $
ptype first
ptype p
ptype struct point
whatis first
whatis &p
whatis list
whatis words
ptype node_t
ptype enum color
ptype function
whatis 1 == 1
whatis ratio + 1
ptype union word
whatis grid
print nosuch
print p.z
print 1 +
print *nothing
print *(int*)8
print 1/0
set var p.x = 77
print p
set var second.low = -5
print second.low
print sum = 5
print list[1] = 9
print first.weight = 2.25
print $rip == 0
set $v = 4
print $v + 1
print byte = 7
print yes = 0
x/4dw list
x/2xg list
x/s text
x/3xb text
x/2c text
output p.y
echo \n
kill
